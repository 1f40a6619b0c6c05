import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type BenchConn, type BenchDialer, type BenchListener, type BenchPeer, ECHO_PROTOCOL, SINK_PROTOCOL } from '../src/bench-peer.ts'
import { newEd25519, newX25519 } from './crypto.ts'
import type { NoiseIdentity } from './noise.ts'
import { type ModelStream, Session, type StreamEvents } from './session.ts'
import { multistreamHandshake } from './wire.ts'

const ECHO = multistreamHandshake(ECHO_PROTOCOL)
const SINK = multistreamHandshake(SINK_PROTOCOL)
const COUNT_BYTES = 8

function newIdentity (): NoiseIdentity {
  return { identity: newEd25519(), noiseKey: newX25519() }
}

/** Reads the proposal, and answers it together with the first bytes of the protocol when they came along. */
function serve (stream: ModelStream): void {
  let proposal: Buffer = Buffer.alloc(0)
  let protocol: StreamEvents | undefined
  stream.listen({
    data (data) {
      if (protocol !== undefined) {
        protocol.data(data)
        return
      }
      proposal = Buffer.concat([proposal, data])
      for (const [head, start] of [[ECHO, echo], [SINK, sink]] as const) {
        if (proposal.subarray(0, head.byteLength).equals(head)) protocol = start(stream, head, proposal.subarray(head.byteLength))
      }
    },
    end () { protocol?.end() }
  })
}

function echo (stream: ModelStream, head: Buffer, first: Buffer): StreamEvents {
  stream.write(Buffer.concat([head, first]))
  return {
    data (data) { stream.write(data) },
    end () { stream.end() }
  }
}

function sink (stream: ModelStream, head: Buffer, first: Buffer): StreamEvents {
  let bytes = first.byteLength
  stream.write(head)
  return {
    data (data) { bytes += data.byteLength },
    end () {
      const count = Buffer.alloc(COUNT_BYTES)
      count.writeBigUInt64BE(BigInt(bytes))
      stream.write(count)
      stream.end()
    }
  }
}

/** The dialing half of a stream that answers its head, then something of a known length, then its end. */
class Call implements StreamEvents {
  readonly #expected: number
  #got: Buffer = Buffer.alloc(0)
  readonly #answered = Promise.withResolvers<Buffer>()
  readonly #ended = Promise.withResolvers<void>()

  constructor (expectedBytes: number) {
    this.#expected = expectedBytes
  }

  get answer (): Promise<Buffer> {
    return this.#answered.promise
  }

  get ended (): Promise<void> {
    return this.#ended.promise
  }

  data (data: Buffer): void {
    this.#got = this.#got.byteLength === 0 ? data : Buffer.concat([this.#got, data])
    if (this.#got.byteLength === this.#expected) this.#answered.resolve(this.#got)
  }

  end (): void {
    this.#ended.resolve()
  }
}

class ModelConn implements BenchConn {
  readonly #session: Session

  constructor (session: Session) {
    this.#session = session
  }

  async echo (data: Uint8Array): Promise<void> {
    const call = new Call(ECHO.byteLength + data.byteLength)
    const stream = this.#session.open(call)
    stream.write(Buffer.concat([ECHO, data]))
    await call.answer
    stream.end()
    await call.ended
  }

  async send (data: Uint8Array, times: number): Promise<void> {
    const call = new Call(SINK.byteLength + COUNT_BYTES)
    const stream = this.#session.open(call)
    stream.write(SINK)
    for (let left = times; left > 0; left--) await stream.send(data)
    stream.end()
    const bytes = Number((await call.answer).readBigUInt64BE(SINK.byteLength))
    if (bytes !== data.byteLength * times) throw new Error(`sent ${data.byteLength * times} bytes, ${bytes} arrived`)
    await call.ended
  }

  async close (): Promise<void> {
    await this.#session.close()
  }
}

async function listen (): Promise<BenchListener> {
  const own = newIdentity()
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => { sockets.delete(socket) })
    socket.on('error', () => {})
    Session.over(socket, own, false, serve).catch(() => { socket.destroy() })
  })
  server.listen({ host: '127.0.0.1', port: 0, backlog: 511 })
  await once(server, 'listening')
  return {
    address: String((server.address() as AddressInfo).port),
    conns: () => sockets.size,
    async close () {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}

async function dialer (): Promise<BenchDialer> {
  const own = newIdentity()
  return {
    async connect (address) {
      const socket = connect({ host: '127.0.0.1', port: Number(address), noDelay: true })
      await once(socket, 'connect')
      return new ModelConn(await Session.over(socket, own, true, () => {}))
    },
    async close () {}
  }
}

/**
 * The cost model: the reads, writes and cryptographic operations that a connection, a stream and a transfer take, on
 * `node:net` and `node:crypto` and with no library between. It is no libp2p node: it trusts what it reads.
 */
export const peer: BenchPeer = { listen, dialer }
