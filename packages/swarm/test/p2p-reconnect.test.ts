import assert from 'node:assert/strict'
import { recordingResourceManager, type RecordingResourceManager } from '@weir/compliance'
import type { Swarm } from '../src/index.ts'
import { acquaint, ANY_PORT, closeAll, echo, readAll, tcpSwarm, until } from './swarm-pair.ts'

async function fiveStreams (from: Swarm, to: Swarm): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const stream = await from.newStream(to.localPeer)
    await stream.write(Buffer.from(`stream ${i}`))
    await stream.closeWrite()
    assert.equal(String(await readAll(stream)), `stream ${i}`)
    await stream.close()
  }
}

// p2p/test/reconnects, TestReconnect2 and TestReconnect5
describe('reconnecting', () => {
  for (const count of [2, 5]) {
    it(`Reconnect${count}: each of ${count} opens streams to each, loses the connection, and does so again, five times`, async () => {
      const scopes: RecordingResourceManager[] = Array.from({ length: count }, () => recordingResourceManager())
      const all = await Promise.all(scopes.map(async resourceManager => await tcpSwarm({ resourceManager })))
      for (const swarm of all) {
        await swarm.listen(ANY_PORT)
        swarm.setStreamHandler(echo)
      }
      for (const a of all) for (const b of all) if (a !== b) acquaint(a, b)
      const pairs = all.flatMap((a, index) => all.slice(index + 1).map(b => [a, b] as const))
      for (let round = 0; round < 5; round++) {
        await Promise.all(pairs.map(async ([a, b]) => { await fiveStreams(a, b) }))
        for (const swarm of all) assert.equal(swarm.conns().length, count - 1)
        await Promise.all(pairs.map(async ([a, b], index) => { await (index % 2 === 0 ? a.closePeer(b.localPeer) : b.closePeer(a.localPeer)) }))
        await until(() => all.every(swarm => swarm.conns().length === 0), 'all connections are gone')
        await until(() => scopes.every(scope => scope.leftOpen().length === 0), 'all scopes have ended')
      }
      await closeAll(all)
    }).timeout(20_000)
  }
})
