import { ByteReader, nullIoScheduler } from '@weir/io-scheduler'
import { ackEncoding } from '../src/ack.ts'
import { Channel } from '../src/channel.ts'
import { connectionFrameLength, decodeConnectionMessage, encodeConnectionMessage } from '../src/connection-message.ts'
import { defaultCrypto, encode, type P2pIdentity } from '../src/index.ts'
import { MemoryConn } from './memory-conn.ts'
import { anyIdentity, VERSION } from './session-pair.ts'

/** Somebody who speaks the protocol by hand, and stops wherever the test wants. It is the side that dials. */
export class Attacker {
  readonly wire: MemoryConn
  readonly #reader: ByteReader
  readonly identity: P2pIdentity = anyIdentity(9)
  channel: Channel | undefined
  #received: Uint8Array | undefined

  private constructor (wire: MemoryConn) {
    this.wire = wire
    this.#reader = new ByteReader(nullIoScheduler.register(wire))
  }

  /** @returns the attacker, and the victim's end */
  static pair (): [Attacker, MemoryConn] {
    const [wire, victim] = MemoryConn.pair()
    return [new Attacker(wire), victim]
  }

  send (...parts: Uint8Array[]): void {
    for (const part of parts) this.wire.write(part)
  }

  /** A proper connection message, or one with something else in it. */
  hello (overrides: Partial<Parameters<typeof encodeConnectionMessage>[0]> = {}): Uint8Array {
    const { publicKey, proofOfWorkStamp } = this.identity
    return encodeConnectionMessage({ port: undefined, publicKey, proofOfWorkStamp, messageNonce: new Uint8Array(24).fill(1), version: VERSION, ...overrides })
  }

  async readHello (): Promise<Uint8Array> {
    const header = new Uint8Array(2)
    await this.#reader.readFull(header)
    const frame = new Uint8Array(connectionFrameLength(header))
    frame.set(header)
    await this.#reader.readFull(frame, { posBytes: 2 })
    this.#received = frame
    return frame
  }

  /** The key and the nonces, as the victim has them. */
  agree (sent: Uint8Array): Channel {
    if (this.#received === undefined) throw new Error('read the hello first')
    const { publicKey } = decodeConnectionMessage(this.#received)
    this.channel = new Channel({ crypto: defaultCrypto, key: defaultCrypto.boxBeforeNm(publicKey, this.identity.secretKey), incoming: false, sent, received: this.#received })
    return this.channel
  }

  /** Goes on until the victim has authenticated it. */
  async authenticate (): Promise<Channel> {
    const hello = this.hello()
    this.send(hello)
    await this.readHello()
    const channel = this.agree(hello)
    this.send(channel.seal([Uint8Array.of(0, 0)]))
    await this.readChunk()
    return channel
  }

  /** Goes on until the victim has accepted it. */
  async accepted (): Promise<Channel> {
    const channel = await this.authenticate()
    this.send(channel.seal([encode(ackEncoding, { kind: 'ack' })]))
    return channel
  }

  async readChunk (): Promise<Uint8Array> {
    const header = new Uint8Array(2)
    await this.#reader.readFull(header)
    const box = new Uint8Array((header[0] ?? 0) << 8 | (header[1] ?? 0))
    await this.#reader.readFull(box)
    if (this.channel === undefined) throw new Error('agree first')
    return this.channel.open(box)
  }
}
