import { memory } from '@libp2p/memory'
import { multiaddr } from '@multiformats/multiaddr'
import type { SwarmInit } from '../src/index.ts'
import { scriptedTransport } from './scripted-transport.ts'
import { acquaint, closeAll, type SwarmPair, tcpSwarm } from './swarm-pair.ts'

let nextAddr = 5_000_000

/** A pair whose connections from the first to the second are limited, as through a relay, until `direct` is set. */
export async function limitedPair (init: Partial<SwarmInit> = {}): Promise<SwarmPair & { direct: boolean }> {
  const state = { direct: false }
  const limiting = scriptedTransport(async (addr, options, handOn) => await handOn(addr, {
    ...options,
    upgrader: {
      ...options.upgrader,
      upgradeOutbound: async (socket: never, upgradeOptions: object) => await options.upgrader.upgradeOutbound(socket, { ...upgradeOptions, ...state.direct ? {} : { limits: { seconds: 60 } } } as never)
    }
  } as never))
  const pair = { a: await tcpSwarm({ transports: [limiting], ...init }), b: await tcpSwarm({ transports: [memory()] }) }
  await pair.b.listen(multiaddr(`/memory/${nextAddr++}`))
  acquaint(pair.a, pair.b)
  return Object.assign(state, pair, { [Symbol.asyncDispose]: async () => { await closeAll([pair.a, pair.b]) } })
}
