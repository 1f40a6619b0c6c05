import assert from 'node:assert/strict'
import { identify } from '@libp2p/identify'
import { failingResourceManager } from '@weir/compliance'
import { ECHO_PROTOCOL, perf, ping, registerEcho, registerPerf, registerPing } from '../src/index.ts'
import { ANY_PORT, join, readAll, tcpHost } from './host-pair.ts'
import { nothingUnhandled } from './unhandled.ts'

/** Everything a host does, whatever of it is refused. The peers give every scope back, or disposing them fails. */
async function attempt (refuseAtDialer: number, refuseAtListener: number): Promise<{ asked: number, succeeded: number }> {
  await using _ = nothingUnhandled()
  const services = { identify: identify() }
  const [atDialer, atListener] = [failingResourceManager({ failAt: refuseAtDialer }), failingResourceManager({ failAt: refuseAtListener })]
  await using a = await tcpHost({ services, negotiationTimeoutMs: 2_000 }, { resourceManager: atDialer })
  await using b = await tcpHost({ services, negotiationTimeoutMs: 2_000 }, { resourceManager: atListener })
  registerPing(b.host)
  registerEcho(b.host)
  registerPerf(b.host)
  await b.host.network.listen(ANY_PORT)
  await Promise.all([a.host.start(), b.host.start()])
  const steps = [
    async () => { await join(a.host, b.host) },
    async () => { await ping(a.host, b.host.peer) },
    async () => {
      await using stream = await a.host.newStream(b.host.peer, ECHO_PROTOCOL)
      await stream.write(Buffer.from('hello'))
      await stream.closeWrite()
      assert.equal(String(await readAll(stream)), 'hello')
    },
    async () => { await perf(a.host, b.host.peer, { uploadBytes: 10, downloadBytes: 10 }) }
  ]
  let succeeded = 0
  // A dial that was refused puts the address into back-off: who knows better dials all the same.
  const dialAgain = async (): Promise<void> => { await a.host.connect({ peer: b.host.peer }, { forceDirectDial: 'a test' }).catch(() => {}) }
  for (const step of steps) await step().then(() => { succeeded++ }, dialAgain)
  return { asked: Math.max(refuseAtDialer === Infinity ? 0 : atDialer.calls, refuseAtListener === Infinity ? 0 : atListener.calls), succeeded }
}

describe('refusals', () => {
  it('nothing is left over, and nothing else fails, when the dialer\'s manager refuses any one call', async () => {
    for (let failAt = 1, done = false; !done; failAt++) {
      const { asked, succeeded } = await attempt(failAt, Infinity)
      done = asked < failAt
      assert.ok(succeeded >= 3, `call ${failAt} refused: ${succeeded} of 4 steps went well`)
    }
  }).timeout(60_000)

  it('nothing is left over, and nothing else fails, when the listener\'s manager refuses any one call', async () => {
    for (let failAt = 1, done = false; !done; failAt++) {
      const { asked, succeeded } = await attempt(Infinity, failAt)
      done = asked < failAt
      assert.ok(succeeded >= 3, `call ${failAt} refused: ${succeeded} of 4 steps went well`)
    }
  }).timeout(60_000)
})
