import assert from 'node:assert/strict'
import type { Connection, Stream as JsStream } from '@libp2p/interface'
import { type Conn, type Stream, StreamErrorCode } from '@weir/network'
import { JsRegistrar } from '../src/js-registrar.ts'
import { JsTopologies } from '../src/js-topologies.ts'
import { ProtocolTable } from '../src/protocol-table.ts'
import type { SelfPeer } from '../src/self-peer.ts'
import { nullLogger } from '@weir/adapters'
import { anyPeer, fakeConn } from './fake-conn.ts'
import { MemoryStream } from './memory-stream.ts'

const conn = fakeConn(await anyPeer())
const limited: Conn = { ...conn, stat: () => ({ ...conn.stat(), limited: true }), streams: () => [] }

describe('JsRegistrar', () => {
  it('runs handlers on limited connections only when they want that', async () => {
    const table = new ProtocolTable()
    const selfPeer = { settled: async () => {} } as SelfPeer
    const toJs = (_stream: Stream): { stream: JsStream, connection: Connection } => ({ stream: {} as JsStream, connection: {} as Connection })
    const registrar = new JsRegistrar({ table, selfPeer, toJs, topologies: new JsTopologies(nullLogger) })
    const ran: string[] = []
    await registrar.handle('/wants', () => { ran.push('/wants') }, { runOnLimitedConnection: true })
    await registrar.handle('/not', () => { ran.push('/not') })
    for (const protocol of ['/wants', '/not']) {
      const stream = new MemoryStream(limited)
      await table.handler(protocol)?.(stream)
      assert.equal(stream.log.includes(`reset 0x${StreamErrorCode.gated.toString(16)}`), protocol === '/not')
    }
    assert.deepEqual(ran, ['/wants'])
  })
})
