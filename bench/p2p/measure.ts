import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createIoScheduler, fromSocket } from '@weir/io-scheduler'
import { defaultCrypto, ProofOfWorkTarget } from '@weir/p2p-socket'
import type { P2pBenchConn, P2pBenchSide } from './bench-side.ts'
import type { ListenerProcess } from './listener-process.ts'

/** What was done, and in what time. */
export interface Work {
  readonly count: number
  readonly seconds: number
}

/** Sessions one after another, with their sockets. */
export async function handshakes (side: P2pBenchSide, port: number, durationMs: number): Promise<Work> {
  let done = 0
  const start = performance.now()
  while (performance.now() - start < durationMs) {
    const conn = await side.dial(port)
    await conn.close()
    done++
  }
  return { count: done, seconds: (performance.now() - start) / 1_000 }
}

/** Messages of a size on one connection, until the listener has counted them all. */
export async function messages (side: P2pBenchSide, port: number, sizeBytes: number, durationMs: number): Promise<Work> {
  const conn = await side.dial(port)
  try {
    const message = new Uint8Array(sizeBytes).fill(1)
    let sent = 0
    const start = performance.now()
    while (performance.now() - start < durationMs) {
      for (const end = sent + 64; sent < end; sent++) {
        const waiting = conn.send(message)
        if (waiting !== undefined) await waiting
      }
    }
    const counted = await conn.count()
    if (counted !== sent) throw new Error(`${sent} messages were sent and ${counted} counted`)
    return { count: sent, seconds: (performance.now() - start) / 1_000 }
  } finally {
    await conn.close()
  }
}

/** What an idle connection costs the listener in bytes: the difference of many and none, divided. */
export async function memoryPerConnection (side: P2pBenchSide, listener: ListenerProcess, count: number): Promise<number> {
  const warm = await side.dial(listener.port)
  await warm.close()
  const before = await listener.memoryBytes()
  const conns: P2pBenchConn[] = []
  for (let i = 0; i < count; i++) conns.push(await side.dial(listener.port))
  const after = await listener.memoryBytes()
  for (const conn of conns) await conn.close()
  return (after - before) / count
}

/** Proof-of-work attempts of this thread: a second. The steps of the library's own search: hash, compare, count up. */
export function proofOfWorkHashes (durationMs: number): number {
  const input = randomBytes(56)
  const hash = new Uint8Array(32)
  const target = new ProofOfWorkTarget(256)
  let done = 0
  const start = performance.now()
  while (performance.now() - start < durationMs) {
    for (const end = done + 10_000; done < end; done++) {
      defaultCrypto.blake2b(hash, input)
      if (target.admits(hash)) throw new Error('nobody finds that')
      input.writeUInt32BE(done, 52)
    }
  }
  return done / ((performance.now() - start) / 1_000)
}

/** Eight clients that want all they can get, through real sockets: how much of each limit was used in the time, 1 being all of it. */
export async function schedulerShares (limits: { readonly downloadBytes: number, readonly uploadBytes: number }, durationMs: number): Promise<{ readonly download: number, readonly upload: number, readonly leastShare: number }> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', () => {})
    const pump = (): void => { while (!socket.destroyed && socket.write(piece(65_536))) {} }
    socket.on('drain', pump)
    pump()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const scheduler = createIoScheduler({ maxDownloadBytesPerSecond: limits.downloadBytes, maxUploadBytesPerSecond: limits.uploadBytes })
  const start = performance.now()
  const conns = await Promise.all(Array.from({ length: 8 }, async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(socket, 'connect')
    const conn = scheduler.register(fromSocket(socket))
    const reading = (async () => { while (await conn.read() !== undefined) {} })()
    const writing = (async () => {
      for (;;) {
        conn.write(piece(16_384))
        await conn.drained()
      }
    })()
    return { conn, ended: Promise.allSettled([reading, writing]) }
  }))
  await wait(durationMs - (performance.now() - start) - 20) // before the tick that begins the next second
  const { totalReceivedBytes, totalSentBytes } = scheduler.stat()
  const received = conns.map(({ conn }) => conn.stat().totalReceivedBytes)
  for (const { conn, ended } of conns) {
    conn.abort(new Error('the measurement is over'))
    await ended
  }
  await scheduler.close()
  server.close()
  const seconds = durationMs / 1_000
  return {
    download: totalReceivedBytes / (limits.downloadBytes * seconds),
    upload: totalSentBytes / (limits.uploadBytes * seconds),
    leastShare: Math.min(...received) * received.length / totalReceivedBytes
  }
}

/** Bytes of a length that is chance, 64 at least. */
function piece (maxBytes: number): Buffer {
  return Buffer.alloc(64 + Math.floor(Math.random() * (maxBytes - 64)))
}
