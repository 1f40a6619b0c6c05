import assert from 'node:assert/strict'
import { assertNoTimers, leakCheck, ManualClock, turn, within } from '@weir/compliance'
import { createIoScheduler, fromSocket, IoSchedulerClosedError } from '@weir/io-scheduler'
import { accept, bytes } from '../src/index.ts'
import { loopback } from './loopback.ts'
import { authenticatedPair, sessionPair } from './session-pair.ts'

describe('a session over real sockets', () => {
  let leaks: ReturnType<typeof leakCheck>
  beforeEach(() => { leaks = leakCheck() })
  afterEach(async () => { await leaks.assertNone() })

  it('is known to its scheduler by its peer, counted, and ended with it', async () => {
    const clock = new ManualClock()
    await using link = await loopback()
    const schedulers = [createIoScheduler({ clock }), createIoScheduler({ clock })] as const
    const conns = { client: schedulers[0].register(fromSocket(link.client, { clock })), server: schedulers[1].register(fromSocket(link.server, { clock })), async [Symbol.asyncDispose] () {} }
    const auth = await authenticatedPair(conns, { both: { clock } })
    const [a, b] = await Promise.all([accept(auth.client, { encoding: bytes() }), accept(auth.server, { encoding: bytes() })])
    assert.equal(schedulers[0].snapshot().conns[0]?.peer, a.info.peerId.toString())
    const before = a.stat().totalSentBytes
    await a.writeSync(new Uint8Array(1_000))
    assert.equal(a.stat().totalSentBytes - before, 1_000 + 4 + 18)
    assert.equal((await within(b.read(), 'the message')).sizeBytes, 1_004)
    const reading = a.read()
    reading.catch(() => {})
    await Promise.all(schedulers.map(async scheduler => { await within(scheduler.close(), 'the scheduler') }))
    assert.deepEqual(await within(a.closed, 'the end'), { kind: 'io-scheduler-shutdown' })
    await assert.rejects(reading, IoSchedulerClosedError.is)
    await Promise.all([a.close(), b.close()])
    assertNoTimers(clock)
  })

  it('whose reader sleeps stops the sender at the other end, and loses nothing', async () => {
    const queueBytes = 1_000_000
    await using pair = await sessionPair({ accepting: { incomingMessageQueueBytes: queueBytes, outgoingMessageQueueBytes: queueBytes } })
    const message = new Uint8Array(65_536)
    let written = 0
    for (let idle = 0; idle < 50;) {
      if (pair.client.writeNow(message.fill(written % 251))) {
        written++
        idle = 0
      } else {
        idle++
        await turn()
      }
      assert.ok(written < 1_000, 'nothing stops it')
    }
    assert.equal(pair.server.isReadable(), true)
    for (let i = 0; i < written; i++) assert.equal((await within(pair.server.read(), 'a message')).message[0], i % 251)
    assert.equal(pair.client.writeNow(message), true)
  })
})
