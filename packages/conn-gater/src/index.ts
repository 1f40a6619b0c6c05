export { createBanPolicy, banDurationMs, type BanNetwork, type BanOptions, type BanPolicy, type BanPolicyInit, type BanReport, type BanTarget } from './ban-policy.ts'
export { type BasicGaterInit } from './basic-gater-init.ts'
export { type BasicGaterStat, type RuleBookStat } from './basic-gater-stat.ts'
export { createBasicGater, type BasicGater } from './basic-gater.ts'
export { closeDenied, type ClosedConn, type ConnHolder } from './close-denied.ts'
export { composeGaters, type ComposedGater } from './compose-gaters.ts'
export {
  BAN_POLICY_DEFAULTS,
  BASIC_GATER_DEFAULTS,
  GREYLIST_DEFAULTS,
  PRIVATE_NET_DEFAULTS,
  type BanPolicyLimits,
  type BasicGaterLimits,
  type GreylistLimits,
  type PrivateNetLimits
} from './defaults.ts'
export { EntryDenial, type GaterRule, type GaterRuleCode } from './entry-denial.ts'
export { type BlockOptions, type TrustOptions, type WriteOptions } from './entry-options.ts'
export { type Entry, type EntryKind, type ListedEntry } from './entry.ts'
export { GaterClosedError, GaterFullError, GaterLoadError, GaterWriteError, GaterWriteTimeoutError, TrustedError } from './errors.ts'
export { type GaterDatastore } from './gater-datastore.ts'
export { type GatedPeer, type GatingConfig, type GatingConfigState } from './gating-config.ts'
export { type GreylistEntry } from './greylist-book.ts'
export { createGreylist, type Greylist, type GreylistInit, type GreylistOptions } from './greylist.ts'
export { type CorruptEntry, type LoadReport } from './load-report.ts'
export { createPrivateNetGater, type PrivateNetGater, type PrivateNetGaterInit } from './private-net-gater.ts'
export { noTrust, type Trust } from './trust.ts'
