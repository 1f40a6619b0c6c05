import fc from 'fast-check'
import type { LimitValue, PartialLimits } from '../src/partial-limits.ts'

const value: fc.Arbitrary<LimitValue> = fc.oneof(
  fc.constantFrom<LimitValue>('default', 'unlimited', 'blockAll', 0, Infinity, '9223372036854775807', '9007199254740992'),
  fc.nat(),
  fc.maxSafeNat(),
  fc.bigInt({ min: 0n, max: 9_223_372_036_854_775_807n }).map(digits => `${digits}` as const)
)
const limit = fc.record({
  Streams: value, StreamsInbound: value, StreamsOutbound: value, Conns: value, ConnsInbound: value, ConnsOutbound: value, FD: value, Memory: value
}, { requiredKeys: [] })
// No name of a field: standing where a name stands, it would be taken for one that is misplaced only when it holds no limit.
const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '10', '9', '<&>', '\u2028', 'é', '𝒳'))
const byName = fc.array(fc.tuple(name, limit)).map(entries => Object.fromEntries(entries))
const peers = fc.array(fc.tuple(fc.constantFrom('QmA', '12D3KooWB', 'idtB'), limit)).map(entries => Object.fromEntries(entries))

/** Written configurations of every form. */
export const arbitraryLimits: fc.Arbitrary<PartialLimits> = fc.record({
  System: limit,
  Transient: limit,
  AllowlistedSystem: limit,
  AllowlistedTransient: limit,
  ServiceDefault: limit,
  Service: byName,
  ServicePeerDefault: limit,
  ServicePeer: byName,
  ProtocolDefault: limit,
  Protocol: byName,
  ProtocolPeerDefault: limit,
  ProtocolPeer: byName,
  PeerDefault: limit,
  Peer: peers,
  Conn: limit,
  Stream: limit
}, { requiredKeys: [] })
