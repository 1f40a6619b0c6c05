import assert from 'node:assert/strict'
import { Connectedness, DialPriority, Direction, NATDeviceType, NATTransportProtocol, Reachability, ReservationPriority } from '../src/index.ts'

// Values are what Go's String() gives; see reference/go-libp2p.md 1.1.

describe('Connectedness', () => {
  it('has all values of Go, the deprecated ones included', () => {
    assert.deepEqual(Connectedness, { notConnected: 'NotConnected', connected: 'Connected', canConnect: 'CanConnect', cannotConnect: 'CannotConnect', limited: 'Limited' })
  })
})

describe('Direction', () => {
  it('has three values, in lower case as js-libp2p has two of them', () => {
    assert.deepEqual(Direction, { unknown: 'unknown', inbound: 'inbound', outbound: 'outbound' })
  })
})

describe('DialPriority', () => {
  it('has two values', () => {
    assert.deepEqual(DialPriority, { user: 'user', background: 'background' })
  })
})

describe('Reachability', () => {
  it('has all values of Go', () => {
    assert.deepEqual(Reachability, { unknown: 'Unknown', public: 'Public', private: 'Private' })
  })
})

describe('NATDeviceType', () => {
  it('has today\'s names, and the deprecated ones as the same values', () => {
    assert.equal(NATDeviceType.unknown, 'Unknown')
    assert.equal(NATDeviceType.endpointIndependent, 'Endpoint-Independent')
    assert.equal(NATDeviceType.endpointDependent, 'Endpoint-Dependent')
    assert.equal(NATDeviceType.cone, NATDeviceType.endpointIndependent)
    assert.equal(NATDeviceType.symmetric, NATDeviceType.endpointDependent)
  })
})

describe('NATTransportProtocol', () => {
  it('has all values of Go', () => {
    assert.deepEqual(NATTransportProtocol, { udp: 'UDP', tcp: 'TCP' })
  })
})

describe('ReservationPriority', () => {
  it('has the four numbers of Go', () => {
    assert.deepEqual(ReservationPriority, { low: 101, medium: 152, high: 203, always: 255 })
  })

  it('keeps its promise in percent, (1 + priority) / 256 rounded', () => {
    const percent = (priority: number): number => Math.round((1 + priority) / 256 * 100)
    assert.deepEqual(Object.values(ReservationPriority).map(percent), [40, 60, 80, 100])
  })
})
