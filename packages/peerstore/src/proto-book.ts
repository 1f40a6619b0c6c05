import type { ProtoBook, ProtocolID } from '@weir/network'
import type { PeerEntry } from './peer-entry.ts'
import type { PeerTable } from './peer-table.ts'

/** The protocols of a table's peers. When a peer has too many, the newest are not taken. */
export function protoBook (table: PeerTable): ProtoBook {
  const { maxProtocolsPerPeer, maxTextLength } = table.limits

  function put (entry: PeerEntry, ids: readonly ProtocolID[]): void {
    const known = entry.protocols ?? new Set()
    for (const id of ids) {
      if (known.has(id)) continue
      if (known.size >= maxProtocolsPerPeer || id.length > maxTextLength) table.countIgnored()
      else known.add(id)
    }
    entry.protocols = known.size > 0 ? known : undefined
  }

  return {
    protocols: peer => [...table.find(peer)?.protocols ?? []],

    addProtocols (peer, ...ids) {
      table.updateFacts(peer, entry => { put(entry, ids) })
    },

    setProtocols (peer, ...ids) {
      table.updateFacts(peer, entry => {
        entry.protocols = undefined
        put(entry, ids)
      })
    },

    removeProtocols (peer, ...ids) {
      table.update(peer, entry => {
        for (const id of ids) entry.protocols?.delete(id)
        if (entry.protocols?.size === 0) entry.protocols = undefined
      })
    },

    supportsProtocols (peer, ...ids) {
      const known = table.find(peer)?.protocols
      return known === undefined ? [] : ids.filter(id => known.has(id))
    },

    firstSupportedProtocol (peer, ...ids) {
      const known = table.find(peer)?.protocols
      return known === undefined ? undefined : ids.find(id => known.has(id))
    }
  }
}
