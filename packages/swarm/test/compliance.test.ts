import { applicable, networkCases, type NetworkSubject } from '@weir/compliance'
import { memory } from '@libp2p/memory'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { ANY_PORT, tcpSwarm } from './swarm-pair.ts'

const CAPABILITIES = {}

describe('compliance over TCP', () => {
  for (const each of applicable(networkCases, CAPABILITIES)) {
    it(each.name, async () => { await each.run({ create: tcpSwarm, listenAddr: ANY_PORT }) })
  }
})

describe('compliance over TCP, on @libp2p/yamux', () => {
  const subject: NetworkSubject = { create: async parts => await tcpSwarm({ muxers: [fromStreamMuxerFactory(yamux()())], ...parts }), listenAddr: ANY_PORT }
  for (const each of applicable(networkCases, CAPABILITIES)) {
    it(each.name, async () => { await each.run(subject) })
  }
})

describe('compliance over memory', () => {
  let nextAddr = 0
  const subject: NetworkSubject = {
    create: async parts => await tcpSwarm({ transports: [memory()], ...parts }),
    get listenAddr () { return multiaddr(`/memory/${nextAddr++}`) }
  }
  for (const each of applicable(networkCases, CAPABILITIES)) {
    it(each.name, async () => { await each.run(subject) })
  }
})
