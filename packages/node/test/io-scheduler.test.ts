import assert from 'node:assert/strict'
import { createIoScheduler, nullIoScheduler } from '@weir/io-scheduler'
import { perf } from '@weir/host'
import { createNode } from '../src/create-node.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']

describe('the bandwidth of a node', () => {
  it('is counted by the scheduler that is given, which stays open', async () => {
    await using ioScheduler = createIoScheduler()
    await using b = await createNode({ listen })
    {
      await using a = await createNode({ listen: [], ioScheduler })
      await a.host.connect({ peer: b.peer, addrs: b.addrs() })
      assert.equal(ioScheduler.snapshot().conns[0]?.peer, b.peer.toString())
    }
    assert.deepEqual(ioScheduler.snapshot().conns, [])
    assert.ok(ioScheduler.stat().totalSentBytes > 0)
  })

  it('is limited by the two numbers', async () => {
    await using b = await createNode({ listen })
    await using a = await createNode({ listen: [], maxUploadBytesPerSecond: 65_536, maxDownloadBytesPerSecond: 10_000_000 })
    await a.host.connect({ peer: b.peer, addrs: b.addrs() })
    const { uploadMs } = await perf(a.host, b.peer, { uploadBytes: 200_000, downloadBytes: 0 })
    assert.ok(uploadMs > 1_000, `it took ${uploadMs} ms`) // the rest has to wait for the second second, however fast the machine
  })

  it('has one scheduler: limits beside one that is given are refused, and so is a limit of nothing', async () => {
    for (const option of [{ maxUploadBytesPerSecond: 1 }, { maxDownloadBytesPerSecond: 1 }]) {
      await assert.rejects(createNode({ listen: [], ioScheduler: nullIoScheduler, ...option }), TypeError)
    }
    await assert.rejects(createNode({ listen: [], maxUploadBytesPerSecond: 0 }), RangeError)
  })
})
