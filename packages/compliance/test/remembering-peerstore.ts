import type { Multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS, PeerKeyMismatchError, type PeerRef, type Peerstore } from '@weir/network'
import type { PeerstoreParts } from '../src/index.ts'

/** What can be broken in the store below. */
export type StoreMutant =
  | 'never forgets' | 'on the wall clock' | 'add shortens' | 'add of no time removes' | 'set only adds' | 'update takes all' | 'connected goes' | 'keeps twice' | 'keeps foreign addresses'
  | 'own lists' | 'order of its own' | 'sum of latencies' | 'remove takes addresses' | 'remove keeps facts' | 'takes any key' | 'object as a map' | 'no bound' | 'drives out the connected'
  | 'leaves a timer' | 'takes NaN' | 'looks make peers'

interface Entry {
  readonly peer: PeerRef
  readonly addrs: Map<string, { addr: Multiaddr, ttlMs: number, endMs: number }>
  protocols: string[]
  readonly metadata: Map<string, unknown>
  latencyMs: number
  key: ReturnType<Peerstore['publicKey']>
}

/** The smallest store that does what the suite asks, with switches to break it. Looks at everything each time: for tests only. */
export function rememberingPeerstore ({ clock, maxPeers, maxAddrsPerPeer }: PeerstoreParts, ...broken: StoreMutant[]): Peerstore {
  const is = (mutant: StoreMutant): boolean => broken.includes(mutant)
  const entries = new Map<string, Entry>()
  if (is('leaves a timer')) clock.setTimeout(() => {}, 1e12)

  const now = (): number => is('on the wall clock') ? clock.wallMs() : clock.monotonicMs()
  const end = (ttlMs: number): number => ttlMs >= ADDRESS_TTL_MS.connected && !is('connected goes') ? Infinity : now() + Math.min(ttlMs, 1e8)
  const isPinned = ({ addrs }: Entry): boolean => [...addrs.values()].some(({ ttlMs }) => ttlMs >= ADDRESS_TTL_MS.connected) && !is('drives out the connected')
  const isEmpty = ({ addrs, protocols, metadata, latencyMs, key }: Entry): boolean => addrs.size + protocols.length + metadata.size + latencyMs === 0 && key === undefined

  function tidy (): void {
    for (const [text, entry] of entries) {
      for (const [addr, { endMs }] of entry.addrs) if (endMs <= now() && !is('never forgets')) entry.addrs.delete(addr)
      if (isEmpty(entry) && !is('looks make peers')) entries.delete(text)
    }
    if (is('no bound')) return
    for (const entry of entries.values()) {
      for (const [text, { ttlMs }] of entry.addrs) if (entry.addrs.size > maxAddrsPerPeer && (ttlMs < ADDRESS_TTL_MS.connected || is('drives out the connected'))) entry.addrs.delete(text)
    }
    for (const [text, entry] of entries) if (entries.size > maxPeers && !isPinned(entry)) entries.delete(text)
  }
  function find (peer: PeerRef): Entry | undefined {
    tidy()
    return is('looks make peers') ? get(peer) : entries.get(peer.toString())
  }
  function get (peer: PeerRef): Entry {
    const entry = entries.get(peer.toString()) ?? { peer, addrs: new Map(), protocols: [], metadata: new Map(), latencyMs: 0, key: undefined }
    entries.set(peer.toString(), entry)
    return entry
  }
  const bare = (peer: PeerRef, addrs: readonly Multiaddr[]): Multiaddr[] => addrs.flatMap(addr => {
    const [, last] = /\/p2p\/([^/]+)$/.exec(addr.toString()) ?? []
    if (last === undefined || is('keeps twice')) return [addr]
    return last === peer.toString() || is('keeps foreign addresses') ? [addr.decapsulate(`/p2p/${last}`)] : []
  })
  const list = (which: (entry: Entry) => boolean): PeerRef[] => {
    tidy()
    return [...entries.values()].filter(which).map(({ peer }) => peer)
  }

  const store: Peerstore = {
    addAddrs (peer, addrs, ttlMs) {
      if (ttlMs <= 0 && is('add of no time removes')) this.setAddrs(peer, addrs, ttlMs)
      if (!(ttlMs > 0) && !is('takes NaN')) return
      const known = find(peer)
      for (const addr of bare(peer, addrs)) {
        const old = known?.addrs.get(addr.toString())
        if (old !== undefined && old.endMs > end(ttlMs) && !is('add shortens')) continue
        get(peer).addrs.set(addr.toString(), { addr, ttlMs, endMs: end(ttlMs) })
      }
      tidy()
    },
    setAddrs (peer, addrs, ttlMs) {
      if (is('set only adds')) {
        this.addAddrs(peer, addrs, ttlMs)
        return
      }
      for (const addr of bare(peer, addrs)) {
        if (ttlMs > 0) get(peer).addrs.set(addr.toString(), { addr, ttlMs, endMs: end(ttlMs) })
        else find(peer)?.addrs.delete(addr.toString())
      }
      tidy()
    },
    updateAddrs (peer, oldTtlMs, newTtlMs) {
      for (const record of find(peer)?.addrs.values() ?? []) {
        if (record.ttlMs !== oldTtlMs && !is('update takes all')) continue
        record.ttlMs = newTtlMs
        record.endMs = newTtlMs > 0 ? end(newTtlMs) : 0
      }
    },
    addrs: peer => Array.from(find(peer)?.addrs.values() ?? [], ({ addr }) => addr),
    clearAddrs: peer => { find(peer)?.addrs.clear() },
    peersWithAddrs: () => list(({ addrs }) => addrs.size > 0),
    publicKey: peer => find(peer)?.key,
    addPublicKey (peer, key) {
      if (`key of ${peer}` !== key.toString() && !is('takes any key')) throw new PeerKeyMismatchError(peer)
      get(peer).key = key
    },
    peersWithKeys: () => list(({ key }) => key !== undefined),
    protocols: peer => is('own lists') ? find(peer)?.protocols ?? [] : [...find(peer)?.protocols ?? []],
    addProtocols (peer, ...ids) { this.setProtocols(peer, ...new Set([...find(peer)?.protocols ?? [], ...ids])) },
    setProtocols: (peer, ...ids) => { get(peer).protocols = ids },
    removeProtocols (peer, ...ids) {
      const entry = find(peer)
      if (entry !== undefined) entry.protocols = entry.protocols.filter(id => !ids.includes(id))
    },
    supportsProtocols: (peer, ...ids) => is('order of its own') ? find(peer)?.protocols.filter(id => ids.includes(id)) ?? [] : ids.filter(id => find(peer)?.protocols.includes(id)),
    firstSupportedProtocol (peer, ...ids) { return this.supportsProtocols(peer, ...ids)[0] },
    metadata: (peer, key) => is('object as a map') ? Object.fromEntries(find(peer)?.metadata ?? [])[key] : find(peer)?.metadata.get(key),
    putMetadata: (peer, key, value) => { get(peer).metadata.set(key, value) },
    recordLatency (peer, latencyMs) {
      if (!(latencyMs >= 0 && latencyMs < Infinity) && !is('takes NaN')) throw new RangeError(`latency ${latencyMs}`)
      const entry = get(peer)
      entry.latencyMs = is('sum of latencies') ? entry.latencyMs + latencyMs : entry.latencyMs === 0 ? latencyMs : 0.9 * entry.latencyMs + 0.1 * latencyMs
    },
    latencyEwmaMs: peer => find(peer)?.latencyMs ?? 0,
    peerInfo (peer) { return { peer, addrs: this.addrs(peer) } },
    peers: () => list(() => true),
    removePeer (peer) {
      const entry = find(peer)
      if (entry === undefined || is('remove keeps facts')) return
      Object.assign(entry, { protocols: [], latencyMs: 0, key: undefined })
      entry.metadata.clear()
      if (is('remove takes addresses')) entry.addrs.clear()
    },
    async close () {},
    async [Symbol.asyncDispose] () {}
  }
  return store
}
