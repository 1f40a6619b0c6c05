import assert from 'node:assert/strict'
import { memory } from '@libp2p/memory'
import { multiaddr } from '@multiformats/multiaddr'
import { type RecordingResourceManager, recordingResourceManager } from '@weir/compliance'
import { ADDRESS_TTL_MS, type Stream } from '@weir/network'
import fc from 'fast-check'
import type { Swarm } from '../src/index.ts'
import { echo, tcpSwarm, until } from './swarm-pair.ts'

// The more often a step stands here, the more often it is taken.
const STEPS = ['dial', 'open', 'open', 'write', 'write', 'write', 'closeWrite', 'read', 'read', 'close', 'reset', 'closeConn', 'closePeer', 'yield'] as const
type Step = { readonly side: 0 | 1, readonly step: (typeof STEPS)[number], readonly pick: number }

/** One side of a random life: what it has opened, and a step on it. */
class Side {
  readonly swarm: Swarm
  readonly other: Swarm
  readonly #streams: Stream[] = []

  constructor (swarm: Swarm, other: Swarm) {
    this.swarm = swarm
    this.other = other
  }

  async take (step: Step['step'], pick: number): Promise<void> {
    const stream = this.#streams[pick % Math.max(1, this.#streams.length)]
    switch (step) {
      case 'dial': await this.swarm.dialPeer(this.other.localPeer); break
      case 'open': this.#streams.push(await this.swarm.newStream(this.other.localPeer)); break
      case 'write': await stream?.write(new Uint8Array(1 + pick)); break
      case 'closeWrite': await stream?.closeWrite(); break
      case 'read': await stream?.read({ signal: AbortSignal.timeout(pick) }); break
      case 'close': await stream?.close(); break
      case 'reset': stream?.reset(); break
      case 'closeConn': await this.swarm.conns()[0]?.close(); break
      case 'closePeer': await this.swarm.closePeer(this.other.localPeer); break
      case 'yield': await new Promise(resolve => setImmediate(resolve))
    }
  }
}

describe('any life of two swarms', () => {
  let nextAddr = 1_000_000
  let a: Swarm
  let b: Swarm
  let scopes: RecordingResourceManager[]

  beforeEach(async () => {
    scopes = [recordingResourceManager(), recordingResourceManager()]
    a = await tcpSwarm({ transports: [memory()], resourceManager: scopes[0] as RecordingResourceManager })
    b = await tcpSwarm({ transports: [memory()], resourceManager: scopes[1] as RecordingResourceManager })
  })
  afterEach(async () => { await Promise.all([a.close(), b.close(), a.peerstore.close(), b.peerstore.close()]) })

  it('leaves nothing behind, in whatever order things happen and fail', async function () {
    this.timeout(60_000)
    for (const [listener, dialer] of [[a, b], [b, a]] as const) {
      await listener.listen(multiaddr(`/memory/${nextAddr++}`))
      listener.setStreamHandler(echo)
      dialer.peerstore.addAddrs(listener.localPeer, listener.listenAddresses(), ADDRESS_TTL_MS.permanent)
    }
    const step = fc.record({ side: fc.constantFrom(0 as const, 1 as const), step: fc.constantFrom(...STEPS), pick: fc.nat(30) })
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }), async steps => {
      const sides = [new Side(a, b), new Side(b, a)]
      const taken: unknown[] = []
      for (const { side, step, pick } of steps) {
        // It waits for the one before a little or not at all: what it finds is up to chance, and so is whether it fails.
        const done = sides[side]?.take(step, pick).catch(() => {})
        taken.push(done)
        await Promise.race([done, new Promise(resolve => setTimeout(resolve, pick % 3))])
      }
      await Promise.all(taken)
      await Promise.all([a.closePeer(b.localPeer), b.closePeer(a.localPeer)])
      await until(() => a.conns().length + b.conns().length === 0, 'no connection is left')
      await until(() => scopes.every(each => each.leftOpen().length === 0), `no scope is left: ${scopes.flatMap(each => each.leftOpen())}`)
      assert.deepEqual([a.peers(), b.peers()], [[], []])
    }), { numRuns: 60 })
  })
})
