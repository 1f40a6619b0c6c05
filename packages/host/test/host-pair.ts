import { generateKeyPair } from '@libp2p/crypto/keys'
import { noise } from '@libp2p/noise'
import { multiaddr } from '@multiformats/multiaddr'
import { recordingResourceManager, type RecordingResourceManager } from '@weir/compliance'
import type { DialPeerOptions, Stream } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { createSwarm, type SwarmInit } from '@weir/swarm'
import { tcp } from '@weir/tcp'
import { yamux } from '@weir/yamux'
import { createHost, type Host, type HostInit } from '../src/index.ts'

export const ANY_PORT = multiaddr('/ip4/127.0.0.1/tcp/0')

export interface OwnedHost<S extends object = object> extends AsyncDisposable {
  readonly host: Host<S>
  readonly manager: RecordingResourceManager
}

/** A host on a swarm of its own, over real TCP. Disposing ends both, and fails when a scope is left open. */
export async function tcpHost<S extends object = object> (init: Partial<HostInit<S>> = {}, swarmInit: Partial<SwarmInit> = {}): Promise<OwnedHost<S>> {
  const privateKey = await generateKeyPair('Ed25519')
  const manager = recordingResourceManager([], swarmInit.resourceManager)
  const peerstore = createPeerstore()
  const network = createSwarm({
    privateKey, peerstore, transports: [tcp()], encrypters: [noise()], muxers: [yamux()], ...swarmInit, resourceManager: manager
  })
  const host = createHost<S>({ network, privateKey, ...init })
  return {
    host,
    manager,
    async [Symbol.asyncDispose] () {
      await host.close()
      await network.close()
      await peerstore.close()
      manager.assertAllEnded()
    }
  }
}

export interface HostPair<S extends object = object> extends AsyncDisposable {
  /** Knows nothing of b. */
  readonly a: Host<S>
  /** Listens. */
  readonly b: Host<S>
  readonly managers: readonly RecordingResourceManager[]
}

export async function hostPair<S extends object = object> (init: Partial<HostInit<S>> = {}): Promise<HostPair<S>> {
  const [a, b] = await Promise.all([tcpHost(init), tcpHost(init)])
  await b.host.network.listen(ANY_PORT)
  await Promise.all([a.host.start(), b.host.start()])
  return {
    a: a.host,
    b: b.host,
    managers: [a.manager, b.manager],
    async [Symbol.asyncDispose] () {
      await a[Symbol.asyncDispose]()
      await b[Symbol.asyncDispose]()
    }
  }
}

/** Connects the first to the second. */
export async function join (a: Host, b: Host, options: DialPeerOptions = {}): Promise<void> {
  const [addr] = b.addrs()
  if (addr === undefined) throw new Error('the second host does not listen')
  await a.connect(addr, options)
}

/** Everything until the end of the stream. */
export async function readAll (stream: Stream): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream))
}

/** Waits for something that the other side does over real sockets. */
export async function until (condition: () => boolean | Promise<boolean>, what: string, withinMs = 15_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!await condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
