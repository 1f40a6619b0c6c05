import type { Multiaddr } from '@multiformats/multiaddr'
import type { AddrDelay, DialRanker } from '@weir/network'
import { AddrKind } from './addr-kind.ts'
import { DIAL_RANKER_DEFAULTS } from './defaults.ts'

interface Candidate {
  readonly addr: Multiaddr
  readonly kind: AddrKind
}

/** QUIC and what runs on it before TCP and what runs on it before the rest; within each IPv6 before IPv4, lower ports first. */
function preference ({ transport, ipVersion, port }: AddrKind): number {
  const v4 = ipVersion === 4 ? 2 ** 18 : 0
  switch (transport) {
    case 'quic-v1': return v4 + port
    case 'quic': return 2 ** 17 + v4 + port
    case 'webtransport': return 2 ** 19 + v4 + port
    case 'tcp':
    case 'websocket': return 2 ** 20 + v4 + port
    case 'webrtc-direct': return 2 ** 21
    default: return 2 ** 30
  }
}

/** The best first. Where that is IPv6 the best IPv4 comes second and the rest a step later: a broken IPv6 costs one step. */
function happyEyeballs (sorted: Candidate[], stepMs: number): { addr: Multiaddr, delayMs: number }[] {
  const firstV4 = sorted[0]?.kind.ipVersion === 6 ? sorted.findIndex(({ kind }) => kind.ipVersion === 4) : -1
  if (firstV4 > 1) sorted.splice(1, 0, ...sorted.splice(firstV4, 1))
  const restMs = firstV4 > 0 ? 2 * stepMs : stepMs
  return sorted.map(({ addr }, index) => ({ addr, delayMs: index === 0 ? 0 : index === 1 ? stepMs : restMs }))
}

function rankGroup (group: readonly Candidate[], stepMs: number, otherMs: number, offsetMs = 0): AddrDelay[] {
  const sorted = group.toSorted((a, b) => preference(a.kind) - preference(b.kind) || (b.kind.ipVersion ?? 0) - (a.kind.ipVersion ?? 0))
  const of = (...transports: AddrKind['transport'][]): Candidate[] => sorted.filter(({ kind }) => transports.includes(kind.transport))
  const quic = happyEyeballs(of('quic-v1', 'quic', 'webtransport'), stepMs)
  const lastQuicMs = quic.at(-1)?.delayMs
  const tcpOffsetMs = lastQuicMs === undefined ? 0 : lastQuicMs + stepMs
  const tcp = happyEyeballs(of('tcp', 'websocket'), stepMs).map(({ addr, delayMs }) => ({ addr, delayMs: tcpOffsetMs + delayMs }))
  const restMs = (tcp.at(-1)?.delayMs ?? lastQuicMs ?? 0) + otherMs
  const rest = of('webrtc-direct', 'other').map(({ addr }) => ({ addr, delayMs: restMs }))
  return [...quic, ...tcp, ...rest].map(({ addr, delayMs }) => ({ addr, delayMs: offsetMs + delayMs }))
}

/**
 * Private and public addresses side by side, relayed ones behind the public, names last; in each group by transport and IP
 * version, one after another.
 *
 * @see reference/go-libp2p.md 5.3
 */
export const defaultDialRanker: DialRanker = addrs => {
  const { publicStepMs, privateStepMs, publicOtherMs, privateOtherMs, relayOffsetMs } = DIAL_RANKER_DEFAULTS
  const groups: Record<'relay' | 'private' | 'public' | 'rest', Candidate[]> = { relay: [], private: [], public: [], rest: [] }
  for (const addr of addrs) {
    const kind = new AddrKind(addr)
    groups[kind.isRelay ? 'relay' : kind.isPrivate ? 'private' : kind.isPublic ? 'public' : 'rest'].push({ addr, kind })
  }
  const ranked = [
    ...rankGroup(groups.private, privateStepMs, privateOtherMs),
    ...rankGroup(groups.public, publicStepMs, publicOtherMs),
    ...rankGroup(groups.relay, publicStepMs, publicOtherMs, groups.public.length > 0 ? relayOffsetMs : 0)
  ]
  const restMs = (ranked.at(-1)?.delayMs ?? 0) + publicOtherMs
  return [...ranked, ...groups.rest.map(({ addr }) => ({ addr, delayMs: restMs }))]
}

/** All at once. @see reference/go-libp2p.md 5.2, "NoDelay for sim-connect" */
export const noDelayDialRanker: DialRanker = addrs => addrs.map(addr => ({ addr, delayMs: 0 }))
