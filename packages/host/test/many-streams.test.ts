import assert from 'node:assert/strict'
import { assertScopesAtRest } from '@weir/compliance'
import type { Stream } from '@weir/network'
import { createResourceManager } from '@weir/resource-manager'
import { ECHO_PROTOCOL, registerEcho } from '../src/index.ts'
import { ANY_PORT, join, tcpHost } from './host-pair.ts'
import { nothingUnhandled } from './unhandled.ts'

describe('many streams under the default limits', () => {
  it('are refused alone where there are too many: the connection and the others live', async () => {
    await using _ = nothingUnhandled()
    const manager = createResourceManager()
    {
      await using b = await tcpHost({}, { resourceManager: manager })
      await using a = await tcpHost()
      registerEcho(b.host)
      await b.host.network.listen(ANY_PORT)
      await Promise.all([a.host.start(), b.host.start()])
      await join(a.host, b.host)
      const live: Stream[] = []
      let refused = 0
      for (let wave = 0; wave < 10; wave++) {
        await Promise.all(Array.from({ length: 100 }, async () => {
          const stream = await a.host.newStream(b.host.peer, ECHO_PROTOCOL).catch(() => undefined)
          if (stream === undefined) {
            refused++
            return
          }
          try {
            await stream.write(Buffer.from('.'))
            assert.equal(String(await stream.read()), '.')
            live.push(stream)
          } catch {
            refused++
            stream.reset()
          }
        }))
      }
      assert.equal(live.length + refused, 1_000)
      assert(refused > 0, 'the limit was met')
      assert(live.length > 0 && live.length === manager.viewPeer(a.host.peer, scope => scope.stat().numStreamsInbound), `${live.length} live`)
      assert.equal(a.host.network.conns().length, 1)
      for (const stream of live) {
        await stream.write(Buffer.from('still here'))
        assert.equal(String(await stream.read()), 'still here')
      }
      for (const stream of live) await stream.close()
    }
    assertScopesAtRest(manager)
    await manager.close()
  }).timeout(60_000)
})
