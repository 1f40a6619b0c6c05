import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { loadSodiumCrypto } from '@weir/p2p-socket'
import { CHAIN_NAME, type P2pBenchConn, type P2pBenchSide, QUESTION } from './bench-side.ts'

// The cost model: the same reads, writes and cryptography on node:net and libsodium, with nothing between. It trusts what it reads, limits
// nothing, and waits for nothing but a full socket.

const crypto = loadSodiumCrypto()
const BATCH_BYTES = 65_536
const MAX_TEXT_BYTES = 65_517

function increment (nonce: Uint8Array): void {
  for (let i = nonce.length - 1; i >= 0; i--) {
    const next = ((nonce[i] ?? 0) + 1) & 0xff
    nonce[i] = next
    if (next !== 0) return
  }
}

/** One end: what comes in is given to `onMessage`, the first two chunks of it being the handshake's. */
class ModelConn {
  readonly #socket: Socket
  readonly #isIncoming: boolean
  readonly #secretKey: Uint8Array = randomBytes(32)
  readonly ready = Promise.withResolvers<void>()
  readonly #hello: Buffer
  #bytes: Buffer = Buffer.alloc(0)
  #key: Uint8Array | undefined
  #local: Uint8Array = new Uint8Array(24)
  #remote: Uint8Array = new Uint8Array(24)
  #chunks = 0
  #text: Buffer = Buffer.alloc(0)
  #batch: Uint8Array[] = []
  #batchBytes = 0
  onMessage: (message: Buffer) => void = () => {}

  constructor (socket: Socket, isIncoming: boolean) {
    this.#socket = socket
    this.#isIncoming = isIncoming
    const name = Buffer.from(CHAIN_NAME)
    this.#hello = Buffer.concat([Buffer.alloc(4), crypto.publicKeyOf(this.#secretKey), randomBytes(48), Buffer.from([0, 0, 0, name.length]), name, Buffer.alloc(4)])
    this.#hello.writeUInt16BE(this.#hello.length - 2, 0)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', data => { this.#take(data as Buffer) })
    socket.write(this.#hello)
  }

  send (message: Uint8Array): Promise<void> | undefined {
    this.add(message)
    if (this.#batchBytes >= BATCH_BYTES) return this.flush() ? undefined : once(this.#socket, 'drain').then(() => {})
    return undefined
  }

  /** Puts a message behind what `flush` will write. */
  add (message: Uint8Array): void {
    const text = Buffer.allocUnsafe(4 + message.length)
    text.writeUInt32BE(message.length, 0)
    text.set(message, 4)
    for (let at = 0; at < text.length; at += MAX_TEXT_BYTES) this.#add(text.subarray(at, at + MAX_TEXT_BYTES))
  }

  flush (): boolean {
    const wire = Buffer.allocUnsafe(this.#batchBytes + 18 * this.#batch.length)
    let at = 0
    for (const text of this.#batch) {
      wire.writeUInt16BE(text.length + 16, at)
      crypto.seal(wire.subarray(at + 2, at + 18 + text.length), text, this.#local, this.#key ?? new Uint8Array(32))
      increment(this.#local)
      at += 18 + text.length
    }
    this.#batch = []
    this.#batchBytes = 0
    return this.#socket.write(wire)
  }

  async close (): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.destroy()
    await closed
  }

  #add (text: Uint8Array): void {
    this.#batch.push(text)
    this.#batchBytes += text.length
  }

  #take (data: Buffer): void {
    let bytes = this.#bytes.length === 0 ? data : Buffer.concat([this.#bytes, data])
    while (bytes.length >= 2) {
      const end = 2 + bytes.readUInt16BE(0)
      if (bytes.length < end) break
      if (this.#key === undefined) this.#agree(bytes.subarray(0, end))
      else this.#chunk(bytes.subarray(2, end))
      bytes = bytes.subarray(end)
    }
    this.#bytes = bytes
  }

  #agree (received: Buffer): void {
    const hash = new Uint8Array(32)
    crypto.blake2b(hash, received.subarray(4, 60)) // the proof of work
    crypto.blake2b(new Uint8Array(16), received.subarray(4, 36)) // the peer id
    this.#key = crypto.boxBeforeNm(received.subarray(4, 36), this.#secretKey)
    const both = this.#isIncoming ? [received, this.#hello] : [this.#hello, received]
    const nonce = (direction: string): Uint8Array => {
      crypto.blake2b(hash, Buffer.concat([...both, Buffer.from(direction)]))
      return hash.slice(0, 24)
    }
    const [initToResp, respToInit] = [nonce('Init -> Resp'), nonce('Resp -> Init')]
    this.#local = this.#isIncoming ? initToResp : respToInit
    this.#remote = this.#isIncoming ? respToInit : initToResp
    this.#add(Buffer.alloc(2))
    this.flush()
  }

  #chunk (box: Buffer): void {
    if (!crypto.open(box.subarray(16), box, this.#remote, this.#key ?? new Uint8Array(32))) throw new Error('the model cannot decrypt')
    increment(this.#remote)
    if (++this.#chunks === 1) {
      this.#add(Buffer.alloc(1))
      this.flush()
    } else if (this.#chunks === 2) this.ready.resolve()
    else this.#plaintext(box.subarray(16))
  }

  #plaintext (text: Buffer): void {
    let all = this.#text.length === 0 ? text : Buffer.concat([this.#text, text])
    while (all.length >= 4 && all.length >= 4 + all.readUInt32BE(0)) {
      const end = 4 + all.readUInt32BE(0)
      this.onMessage(all.subarray(4, end))
      all = all.subarray(end)
    }
    this.#text = all
  }
}

/** What this runtime allows. */
export const modelSide: P2pBenchSide = {
  async listen () {
    const server = createServer(socket => {
      const conn = new ModelConn(socket, true)
      let count = 0
      conn.onMessage = message => {
        if (message.length !== QUESTION.length) {
          count++
          return
        }
        const answer = Buffer.alloc(8)
        answer.writeBigUInt64BE(BigInt(count), 0)
        conn.add(answer)
        conn.flush()
      }
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: (server.address() as AddressInfo).port, close: () => { server.close() } }
  },

  async dial (port): Promise<P2pBenchConn> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const conn = new ModelConn(socket, false)
    await conn.ready.promise
    return {
      send: message => conn.send(message),
      async count () {
        const answered = Promise.withResolvers<number>()
        conn.onMessage = message => { answered.resolve(Number(message.readBigUInt64BE(0))) }
        conn.add(QUESTION)
        conn.flush()
        return await answered.promise
      },
      close: () => conn.close()
    }
  }
}
