import assert from 'node:assert/strict'
import { bundledProtocolLimits, bundledProtocolPeerLimits, bundledServiceLimits, bundledServicePeerLimits } from '../src/bundled-service-limits.ts'
import { scaleLimits } from '../src/scale-limits.ts'

describe('bundled service limits', () => {
  it('name the services and protocols of go-libp2p', () => {
    const services = ['libp2p.identify', 'libp2p.ping', 'libp2p.autonat', 'libp2p.holepunch', 'libp2p.relay/v2']
    const protocols = ['/ipfs/id/1.0.0', '/ipfs/id/push/1.0.0', '/ipfs/ping/1.0.0', '/libp2p/autonat/1.0.0', '/libp2p/dcutr', '/libp2p/circuit/relay/0.2.0/hop', '/libp2p/circuit/relay/0.2.0/stop']
    for (const limits of [bundledServiceLimits, bundledServicePeerLimits]) assert.deepEqual([...limits.keys()], services)
    for (const limits of [bundledProtocolLimits, bundledProtocolPeerLimits]) assert.deepEqual([...limits.keys()], protocols)
  })

  it('fault 2: let one peer have a few streams, and megabytes where Go lets it have 8 GiB', () => {
    const { protocolPeer, servicePeer } = scaleLimits({ memoryBytes: 2 ** 40, numFd: 0 })
    for (const limits of [protocolPeer, servicePeer]) {
      for (const [name, limit] of limits) assert.ok(limit.memoryBytes <= 2 ** 25 && limit.streams <= 128, name)
    }
    assert.deepEqual([protocolPeer.get('/ipfs/ping/1.0.0')?.streams, protocolPeer.get('/ipfs/ping/1.0.0')?.memoryBytes], [4, 8_912_896])
  })

  it('grow with the machine for all peers together', () => {
    const limits = scaleLimits({ memoryBytes: 2 ** 30 + 2 ** 27, numFd: 0 })
    assert.deepEqual([limits.service.get('libp2p.identify')?.streams, limits.service.get('libp2p.autonat')?.streams, limits.service.get('libp2p.holepunch')?.streamsInbound], [256, 68, 40])
    assert.equal(limits.service.get('libp2p.relay/v2')?.memoryBytes, 2 ** 25)
  })
})
