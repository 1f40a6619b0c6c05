export { connectControl, type ControlClient } from './control-client.ts'
export { createNode, type NodeServices } from './create-node.ts'
export { openDataDir, readIdentity, type DataDir } from './data-dir.ts'
export { CONTROL_DEFAULTS, DATA_DIR_DEFAULTS, NODE_DEFAULTS } from './defaults.ts'
export {
  ControlParamError,
  ControlProtocolError,
  ControlRequestError,
  ControlSocketError,
  DataDirError,
  DataDirLockedError,
  InvalidListenAddressError,
  InvalidPskError,
  InvalidRuleTargetError,
  KeyFileCorruptError,
  KeyFileInsecureError,
  KeyFileUnreadableError
} from './errors.ts'
export { type NodeInit } from './node-init.ts'
export { nodePlan } from './node-limits.ts'
export { type NodeRule, type NodeRuleChange, type NodeRuleLists, type NodeRuleOptions, type NodeRules } from './node-rules.ts'
export { type Node } from './node.ts'
export { openNodeRules } from './open-rules.ts'
export { parseRuleTarget, type RuleTarget } from './rule-target.ts'
