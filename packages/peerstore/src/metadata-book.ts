import { deserialize, serialize } from 'node:v8'
import type { PeerMetadata } from '@weir/network'
import type { PeerTable } from './peer-table.ts'

/**
 * A copy that its giver cannot change or grow any more, and that shares no buffer with anything.
 *
 * @returns `undefined` when it is larger than `maxBytes`
 * @throws {TypeError} when it cannot be cloned
 */
function detach (key: string, value: unknown, maxBytes: number): unknown {
  if (typeof value === 'string') return value.length <= maxBytes ? value : undefined
  if (typeof value === 'number' || typeof value === 'boolean') return value
  try {
    const bytes = serialize(value)
    return bytes.byteLength <= maxBytes ? deserialize(bytes) : undefined
  } catch (cause) {
    throw new TypeError(`the metadata ${key} cannot be kept: it is not structured-cloneable`, { cause })
  }
}

/**
 * Small values of a table's peers.
 *
 * Putting `undefined` takes the key away. A value too large and a key too many are not taken. Values are copied when they are put
 * in; what comes out is the copy itself, and must not be changed.
 */
export function metadataBook (table: PeerTable): PeerMetadata {
  const { maxMetadataPerPeer, maxMetadataBytes, maxTextLength } = table.limits
  return {
    metadata: (peer, key) => table.find(peer)?.metadata?.get(key),

    putMetadata (peer, key, value) {
      if (value === undefined) {
        table.update(peer, entry => {
          entry.metadata?.delete(key)
          if (entry.metadata?.size === 0) entry.metadata = undefined
        })
        return
      }
      const copy = detach(key, value, maxMetadataBytes)
      if (copy === undefined || key.length > maxTextLength) {
        table.countIgnored()
        return
      }
      table.updateFacts(peer, entry => {
        entry.metadata ??= new Map()
        if (entry.metadata.has(key) || entry.metadata.size < maxMetadataPerPeer) entry.metadata.set(key, copy)
        else table.countIgnored()
      })
    }
  }
}
