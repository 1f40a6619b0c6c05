import { generateKeyPair } from '@libp2p/crypto/keys'
import { noise } from '@libp2p/noise'
import { multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS, type Stream } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { tcp } from '@weir/tcp'
import { yamux } from '@weir/yamux'
import { createSwarm, type Swarm, type SwarmInit } from '../src/index.ts'

export const ANY_PORT = multiaddr('/ip4/127.0.0.1/tcp/0')

/** A swarm over real TCP, with what a node would have. */
export async function tcpSwarm (init: Partial<SwarmInit> = {}): Promise<Swarm> {
  return createSwarm({
    privateKey: await generateKeyPair('Ed25519'),
    transports: [tcp()],
    encrypters: [noise()],
    muxers: [yamux()],
    peerstore: createPeerstore(),
    ...init
  })
}

export interface SwarmPair extends AsyncDisposable {
  /** Knows b's address. */
  readonly a: Swarm
  /** Listens. */
  readonly b: Swarm
}

/** Two swarms of which the first can dial the second. */
export async function swarmPair (a: Partial<SwarmInit> = {}, b: Partial<SwarmInit> = {}): Promise<SwarmPair> {
  const pair = { a: await tcpSwarm(a), b: await tcpSwarm(b) }
  await pair.b.listen(ANY_PORT)
  acquaint(pair.a, pair.b)
  return {
    ...pair,
    async [Symbol.asyncDispose] () {
      await Promise.all([pair.a.close(), pair.b.close()])
      await Promise.all([pair.a.peerstore.close(), pair.b.peerstore.close()])
    }
  }
}

/** Tells one swarm where another listens. */
export function acquaint (dialer: Swarm, listener: Swarm): void {
  dialer.peerstore.addAddrs(listener.localPeer, listener.listenAddresses(), ADDRESS_TTL_MS.permanent)
}

/** Sends back what comes, then ends. */
export async function echo (stream: Stream): Promise<void> {
  for await (const bytes of stream) await stream.write(bytes)
  await stream.close()
}

/** Everything until the end of the stream. */
export async function readAll (stream: Stream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const bytes of stream) chunks.push(bytes)
  return Buffer.concat(chunks)
}

/** Waits for something that the other side does over real sockets. */
export async function until (condition: () => boolean, what: string, withinMs = 15_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** So many swarms that listen and know each other. */
export async function swarms (count: number, init: Partial<SwarmInit> = {}): Promise<Swarm[]> {
  const all = await Promise.all(Array.from({ length: count }, async () => await tcpSwarm(init)))
  for (const swarm of all) await swarm.listen(ANY_PORT)
  for (const a of all) for (const b of all) if (a !== b) acquaint(a, b)
  return all
}

export async function closeAll (all: readonly Swarm[]): Promise<void> {
  await Promise.all(all.map(async swarm => { await swarm.close() }))
  await Promise.all(all.map(async swarm => { await swarm.peerstore.close() }))
}
