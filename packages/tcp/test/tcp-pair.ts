import type { Connection, Listener, MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { nullLogger } from '@weir/adapters'
import { within } from '@weir/compliance'
import type { Uint8ArrayList } from 'uint8arraylist'
import { tcp, type TcpInit } from '../src/index.ts'

export const ANY_PORT = multiaddr('/ip4/127.0.0.1/tcp/0')

/** A connection as our transport gives it to an upgrader. */
export type RawConn = MultiaddrConnection & { readonly localMultiaddr: Multiaddr, readonly readStatus: string }

/** Upgrades nothing: what is dialled is given back as it is, what is accepted goes to the callback. */
export function rawUpgrader (onInbound: (conn: RawConn, signal: AbortSignal) => void | Promise<void> = () => {}): Upgrader {
  return {
    upgradeInbound: async (conn, { signal }) => { await onInbound(conn as RawConn, signal) },
    upgradeOutbound: async conn => conn as unknown as Connection,
    createInboundAbortSignal: () => { throw new Error('not for transports') },
    getStreamMuxers: () => new Map(),
    getConnectionEncrypters: () => new Map()
  }
}

export function transportOf (init: TcpInit = {}): Transport {
  return tcp(init)({ logger: nullLogger })
}

export async function dial (addr: Multiaddr, { signal = new AbortController().signal, ...init }: TcpInit & { signal?: AbortSignal } = {}): Promise<RawConn> {
  return await transportOf(init).dial(addr, { signal, upgrader: rawUpgrader() }) as unknown as RawConn
}

export interface Listening extends AsyncDisposable {
  readonly listener: Listener
  readonly addr: Multiaddr
  readonly accepted: RawConn[]
}

/** A listener on loopback that collects what it accepts, and resets that when it is disposed. */
export async function listening (init: TcpInit = {}, at = ANY_PORT): Promise<Listening> {
  const accepted: RawConn[] = []
  const listener = transportOf(init).createListener({ upgrader: rawUpgrader(conn => { accepted.push(conn) }) })
  await listener.listen(at)
  return {
    listener,
    addr: addrOf(listener),
    accepted,
    async [Symbol.asyncDispose] () {
      await listener.close()
      for (const conn of accepted) conn.abort(new Error('the test is over'))
    }
  }
}

export function addrOf (listener: Listener): Multiaddr {
  const [addr] = listener.getAddrs()
  if (addr === undefined) throw new Error('it does not listen')
  return addr
}

export function portOf (addr: Multiaddr): number {
  return Number(addr.getComponents().find(({ name }) => name === 'tcp')?.value)
}

export interface ConnPair extends AsyncDisposable {
  readonly a: RawConn
  readonly b: RawConn
  readonly listener: Listener
}

/** Two ends of one connection; `a` dialled. */
export async function connPair (aInit: TcpInit = {}, bInit: TcpInit = {}): Promise<ConnPair> {
  const inbound = Promise.withResolvers<RawConn>()
  const listener = transportOf(bInit).createListener({ upgrader: rawUpgrader(inbound.resolve) })
  await listener.listen(ANY_PORT)
  const a = await dial(addrOf(listener), aInit)
  const b = await inbound.promise
  return {
    a,
    b,
    listener,
    async [Symbol.asyncDispose] () {
      for (const conn of [a, b]) conn.abort(new Error('the test is over'))
      await listener.close()
    }
  }
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)

/** All that arrives from now on, and how it ended. */
export interface Heard {
  readonly chunks: Buffer[]
  readonly events: string[]
  /** Resolves with the error, if any, that closed the connection. */
  readonly closed: Promise<Error | undefined>
  text (): string
}

export function hear (conn: RawConn): Heard {
  const chunks: Buffer[] = []
  const events: string[] = []
  const closed = Promise.withResolvers<Error | undefined>()
  conn.addEventListener('message', ({ data }) => { chunks.push(Buffer.from(plain(data))) })
  for (const type of ['remoteCloseWrite', 'end', 'close'] as const) conn.addEventListener(type, () => { events.push(type) })
  conn.addEventListener('close', ({ error }) => { closed.resolve(error) })
  return { chunks, events, closed: within(closed.promise, 'the connection closes'), text: () => Buffer.concat(chunks).toString() }
}

export function plain (data: Uint8Array | Uint8ArrayList): Uint8Array {
  return data instanceof Uint8Array ? data : data.subarray()
}

/** Writes until there is no room, and for a while to be sure that the kernel has none either. */
export async function fill (conn: RawConn): Promise<number> {
  let sent = 0
  for (let full = 0; full < 20;) {
    if (conn.writableNeedsDrain) {
      full++
      await new Promise(resolve => setTimeout(resolve, 5))
    } else {
      full = 0
      conn.send(new Uint8Array(65_536))
      sent += 65_536
    }
  }
  return sent
}
