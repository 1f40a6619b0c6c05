import { type Clock, type IpAddress, type PeerRef, parseIpAddress, parseSubnet } from '@weir/network'
import type { BoundedMap } from './bounded-map.ts'
import type { BasicGaterLimits } from './defaults.ts'
import { type BlockOptions, entryOf, type WriteOptions } from './entry-options.ts'
import type { EntryWriter } from './entry-writer.ts'
import type { RuleBook } from './rule-book.ts'

export interface RuleEditorInit {
  readonly book: RuleBook
  readonly writer: EntryWriter
  readonly clock: Clock
  readonly limits: BasicGaterLimits
}

/** Puts on one list and takes off it what callers write as text. */
export class RuleEditor {
  readonly #init: RuleEditorInit

  constructor (init: RuleEditorInit) {
    this.#init = init
  }

  async putPeer (peer: PeerRef | string, options: BlockOptions = {}): Promise<boolean> {
    return await this.#put(this.#init.book.peers, this.#peer(peer), options)
  }

  async deletePeer (peer: PeerRef | string, { signal }: WriteOptions = {}): Promise<boolean> {
    return await this.#init.writer.delete(this.#init.book.peers, this.#peer(peer), signal)
  }

  async putAddr (ip: string, options: BlockOptions = {}): Promise<boolean> {
    return await this.#put(this.#init.book.addrs, readAddr(ip), options)
  }

  async deleteAddr (ip: string, { signal }: WriteOptions = {}): Promise<boolean> {
    return await this.#init.writer.delete(this.#init.book.addrs, readAddr(ip), signal)
  }

  async putSubnet (cidr: string, options: BlockOptions = {}): Promise<boolean> {
    return await this.#put(this.#init.book.subnets, parseSubnet(cidr), options)
  }

  async deleteSubnet (cidr: string, { signal }: WriteOptions = {}): Promise<boolean> {
    return await this.#init.writer.delete(this.#init.book.subnets, parseSubnet(cidr), signal)
  }

  async #put<K> (map: BoundedMap<K>, key: K, options: BlockOptions): Promise<boolean> {
    const { writer, clock, limits } = this.#init
    return await writer.put(map, key, entryOf(options, clock, limits), options.signal)
  }

  #peer (peer: PeerRef | string): string {
    const { maxPeerLength } = this.#init.limits
    const text = peer.toString()
    if (text === '' || text.length > maxPeerLength || !text.isWellFormed()) throw new RangeError(`a peer's text has 1 to ${maxPeerLength} whole characters, got ${text.length}`)
    return text
  }
}

/** @throws {RangeError} for what is no address */
export function readAddr (ip: string): IpAddress {
  const address = parseIpAddress(ip)
  if (address === undefined) throw new RangeError(`an address is one such as 192.0.2.1 or 2001:db8::1, got ${ip}`)
  return address
}
