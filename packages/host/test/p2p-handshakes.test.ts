import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { until } from '@weir/compliance'
import type { Host } from '../src/index.ts'
import { join } from './host-pair.ts'
import { limitedHost, openEcho } from './limited-host.ts'
import { nothingUnhandled } from './unhandled.ts'

/** A remote that connects and says nothing. */
async function silent (host: Host): Promise<{ socket: Socket, closed: () => boolean }> {
  const socket = connect(Number(/\/tcp\/(\d+)/.exec(String(host.addrs()[0]))?.[1]), '127.0.0.1')
  let closed = false
  socket.on('error', () => {}).on('close', () => { closed = true }).resume()
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {})
  return { socket, closed: () => closed }
}

// Go bounds these by its listener's queue of 16 and by this; ours has no queue.
describe('handshakes under way', () => {
  it('are bounded by the transient scope: one more is closed at accept, and there is room when one ends', async () => {
    await using _ = nothingUnhandled()
    await using b = await limitedHost({ Transient: { ConnsInbound: 17 } })
    await using a = await limitedHost()
    const transient = (): number => b.manager.viewTransient(scope => scope.stat().numConnsInbound)
    const remotes = await Promise.all(Array.from({ length: 17 }, async () => await silent(b.host)))
    await until(() => transient() === 17, 'all are under way')
    const refused = await silent(b.host)
    await until(() => refused.closed(), 'one more is closed')
    assert.deepEqual([transient(), remotes.filter(({ closed }) => closed()).length], [17, 0])
    await assert.rejects(join(a.host, b.host))
    remotes[0]?.socket.destroy()
    await until(() => transient() === 16, 'one has ended')
    const [addr] = b.host.addrs()
    assert(addr)
    await a.host.connect(addr, { forceDirectDial: 'whatever failed before' })
    const stream = await openEcho(a.host, b.host)
    assert.equal(transient(), 16, 'one that is ready is no longer transient')
    await stream.close()
    for (const { socket } of remotes) socket.destroy()
    await until(() => transient() === 0, 'all have ended')
  })
})
