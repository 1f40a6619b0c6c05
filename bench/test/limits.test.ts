import { peer as model } from '../limits/peer.ts'
import { peer as js } from '../peers/js.ts'
import type { BenchDialer } from '../src/bench-peer.ts'

async function use (dialer: BenchDialer, address: string): Promise<void> {
  const conn = await dialer.connect(address)
  await conn.echo(new Uint8Array(32).fill(1))
  await conn.send(new Uint8Array(1024 * 1024), 8)
  await conn.close()
  await dialer.close()
}

// The cost model is worth something only while it does what the real thing does: a real one has to understand it.
describe('cost model', () => {
  it('dials a stock js-libp2p node, opens streams and transfers', async () => {
    const listener = await js.listen()
    await use(await model.dialer(), /tcp\/(\d+)/.exec(listener.address)?.[1] ?? '')
    await listener.close()
  })

  it('is dialled by a stock js-libp2p node', async () => {
    const listener = await model.listen()
    await use(await js.dialer(), `/ip4/127.0.0.1/tcp/${listener.address}`)
    await listener.close()
  })
})
