import type { Multiaddr } from '@multiformats/multiaddr'
import type { AddrBook, PeerRef } from '@weir/network'
import { checkTtl, endOfTtl } from './addr-ttl.ts'
import { ownAddr } from './own-addr.ts'
import type { PeerTable } from './peer-table.ts'

/** The addresses of a table's peers. @see reference/go-libp2p.md 1.7 for the meaning of the times */
export function addrBook (table: PeerTable): AddrBook {
  function accepted (peer: PeerRef, addrs: readonly Multiaddr[]): Map<string, Multiaddr> {
    const own = new Map<string, Multiaddr>()
    for (const addr of addrs) {
      const bare = addr.toString().length > table.limits.maxTextLength ? undefined : ownAddr(addr, peer.toString())
      if (bare === undefined) table.countIgnored()
      else own.set(bare.toString(), bare)
    }
    return own
  }

  return {
    addAddrs (peer, addrs, ttlMs) {
      const ttl = checkTtl(ttlMs)
      const own = accepted(peer, addrs)
      table.update(peer, (entry, nowMs) => {
        const endMs = endOfTtl(nowMs, ttl)
        for (const [text, addr] of own) {
          const known = entry.addrs.get(text)
          if (known === undefined) {
            entry.addrs.set(text, { addr, ttlMs: ttl, endMs })
          } else {
            known.ttlMs = Math.max(known.ttlMs, ttl)
            known.endMs = Math.max(known.endMs, endMs)
          }
        }
      })
    },

    setAddrs (peer, addrs, ttlMs) {
      const ttl = checkTtl(ttlMs)
      const own = accepted(peer, addrs)
      table.update(peer, (entry, nowMs) => {
        for (const [text, addr] of own) {
          const known = entry.addrs.get(text)
          entry.addrs.set(text, { addr: known?.addr ?? addr, ttlMs: ttl, endMs: endOfTtl(nowMs, ttl) })
        }
      })
    },

    updateAddrs (peer, oldTtlMs, newTtlMs) {
      const oldTtl = checkTtl(oldTtlMs)
      const newTtl = checkTtl(newTtlMs)
      table.update(peer, (entry, nowMs) => {
        for (const record of entry.addrs.values()) {
          if (record.ttlMs !== oldTtl) continue
          record.ttlMs = newTtl
          record.endMs = endOfTtl(nowMs, newTtl)
        }
      })
    },

    addrs: peer => Array.from(table.find(peer)?.addrs.values() ?? [], ({ addr }) => addr),

    clearAddrs (peer) {
      table.update(peer, entry => { entry.addrs.clear() })
    },

    peersWithAddrs () {
      const peers: PeerRef[] = []
      for (const entry of table.entries()) if (entry.addrs.size > 0) peers.push(entry.peer)
      return peers
    }
  }
}
