import { publicKeyFromProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS, type Clock, type KeyBook, type LatencyBook, type PeerMetadata, type PeerRef, type ProtoBook } from '@weir/network'
import { checkTtl, endOfTtl, isPinned, unpinnedEnd } from './addr-ttl.ts'
import { MAX_REPORTED_FAULTS } from './defaults.ts'
import type { AddrRecord } from './peer-entry.ts'
import type { PeerTable } from './peer-table.ts'
import type { RestoreReport, SnapshotFault } from './restore-report.ts'

const LIBP2P_TYPES: readonly string[] = ['Ed25519', 'secp256k1', 'RSA']

export interface RestoreParts {
  readonly table: PeerTable
  readonly books: KeyBook & ProtoBook & PeerMetadata & LatencyBook
  readonly clock: Clock
}

/** Puts a snapshot into an empty table, checking every piece of it: it may have been on a disk. Never throws. */
export function restoreSnapshot (snapshot: unknown, parts: RestoreParts): RestoreReport {
  return new Restoration(parts).run(snapshot)
}

class Restoration {
  readonly #table: PeerTable
  readonly #books: RestoreParts['books']
  readonly #wallMs: number
  readonly #faults: SnapshotFault[] = []
  #numFaults = 0
  #savedMs = 0

  constructor ({ table, books, clock }: RestoreParts) {
    this.#table = table
    this.#books = books
    this.#wallMs = clock.wallMs()
  }

  run (snapshot: unknown): RestoreReport {
    this.#guard('snapshot', snapshot, () => {
      const { version, savedMs, peers } = record(snapshot)
      if (version !== 1) throw new RangeError(`version 1 is known here, got ${String(version)}`)
      this.#savedMs = finite('savedMs', savedMs)
      this.#each('peers', peers, (peer, path) => { this.#peer(peer, path) })
    })
    return { numFaults: this.#numFaults, faults: this.#faults }
  }

  #peer (raw: unknown, path: string): void {
    const { peer: text, type, addrs, publicKey, protocols, metadata, latencyMs, factsEndMs } = record(raw)
    const peer = peerRef(text, type)
    this.#each(`${path}.protocols`, protocols, id => { this.#books.addProtocols(peer, string('protocol', id)) })
    this.#each(`${path}.metadata`, metadata, pair => {
      const [key, value] = array('metadata', pair)
      this.#books.putMetadata(peer, string('key', key), value)
    })
    this.#guard(`${path}.publicKey`, publicKey, () => {
      if (publicKey === undefined) return
      if (!(publicKey instanceof Uint8Array)) throw new TypeError('a key must be bytes')
      this.#books.addPublicKey(peer, publicKeyFromProtobuf(publicKey))
    })
    this.#guard(`${path}.latencyMs`, latencyMs, () => {
      if (latencyMs !== undefined) this.#books.recordLatency(peer, finite('latencyMs', latencyMs))
    })
    let factsLeftMs = 0
    this.#guard(`${path}.factsEndMs`, factsEndMs, () => { factsLeftMs = this.#left('factsEndMs', factsEndMs, this.#table.limits.factsTtlMs) })
    const records = new Map<string, AddrRecord>()
    this.#table.update(peer, (entry, nowMs) => {
      this.#each(`${path}.addrs`, addrs, addr => { this.#addr(addr, nowMs, records) })
      for (const [key, value] of records) entry.addrs.set(key, value)
      entry.factsEndMs = unpinnedEnd(nowMs, factsLeftMs)
    })
  }

  #addr (raw: unknown, nowMs: number, records: Map<string, AddrRecord>): void {
    const { addr: text, ttlMs: rawTtl, endMs } = record(raw)
    if (string('addr', text).length > this.#table.limits.maxTextLength) throw new RangeError('the address is too long')
    const addr = multiaddr(string('addr', text))
    const saved = checkTtl(finite('ttlMs', rawTtl))
    // Whoever was connected when it was saved is not connected now.
    const wasConnected = saved === ADDRESS_TTL_MS.connected
    const ttlMs = wasConnected ? ADDRESS_TTL_MS.recentlyConnected : saved
    const leftMs = isPinned(ttlMs) ? ttlMs : this.#left('endMs', wasConnected ? this.#savedMs + ttlMs : endMs, ttlMs)
    records.set(addr.toString(), { addr, ttlMs, endMs: endOfTtl(nowMs, leftMs) })
  }

  /** How much of a time is left. Never more than all of it: the wall clock may have gone back. */
  #left (name: string, endMs: unknown, ttlMs: number): number {
    return Math.min(finite(name, endMs) - this.#wallMs, ttlMs)
  }

  #each (path: string, values: unknown, restore: (value: unknown, path: string) => void): void {
    this.#guard(path, values, () => {
      for (const [index, value] of array(path, values).entries()) {
        const at = `${path}[${index}]`
        this.#guard(at, value, () => { restore(value, at) })
      }
    })
  }

  #guard (path: string, value: unknown, restore: () => void): void {
    try {
      restore()
    } catch (cause) {
      this.#numFaults++
      if (this.#faults.length < MAX_REPORTED_FAULTS) this.#faults.push({ path, value, cause })
    }
  }
}

function record (value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('expected an object')
  return value as Record<string, unknown>
}

function array (name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list`)
  return value
}

function string (name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} must be a text`)
  return value
}

function finite (name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError(`${name} must be a number`)
  return value
}

function peerRef (rawText: unknown, rawType: unknown): PeerRef {
  const text = string('peer', rawText)
  const type = string('type', rawType)
  if (!LIBP2P_TYPES.includes(type)) return Object.freeze({ type, toString: () => text })
  const peer = peerIdFromString(text)
  if (peer.type !== type || peer.toString() !== text) throw new TypeError(`the peer is ${peer.type} ${peer} and not what is said`)
  return peer
}
