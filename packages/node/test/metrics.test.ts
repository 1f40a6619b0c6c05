import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { nullConnManager, nullResourceManager } from '@weir/network'
import { createNode, nodePlan } from '../src/index.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']

async function scrape (url: string | undefined): Promise<string> {
  const response = await fetch(url ?? '')
  assert.equal(response.status, 200)
  return await response.text()
}

describe('the metrics of a node', () => {
  it('are served on this machine, show all its parts, and end with it', async () => {
    const node = await createNode({ listen, metrics: '0' })
    await using client = await createNode({ listen: [] })
    await client.host.connect({ peer: node.peer, addrs: node.addrs() })
    assert.match(node.metricsUrl ?? '', /^http:\/\/127\.0\.0\.1:[1-9]\d*\/metrics$/)
    const text = await scrape(node.metricsUrl)
    assert.match(text, /^libp2p_rcmgr_connections\{dir="inbound",scope="system"\} 1$/m)
    assert.match(text, /^libp2p_swarm_connections_opened_total\{dir="inbound",transport="tcp",security="\/noise",muxer="\/yamux\/1.0.0",early_muxer="true",ip_version="ip4"\} 1$/m)
    assert.match(text, /^libp2p_connmgr_connections 1$/m)
    await node.close()
    await assert.rejects(fetch(node.metricsUrl ?? ''))
  })

  it('are not served when nobody asks', async () => {
    await using node = await createNode({ listen: [] })
    assert.equal(node.metricsUrl, undefined)
  })

  it('show nothing of managers that are given', async () => {
    await using node = await createNode({ listen: [], metrics: '127.0.0.1:0', resourceManager: nullResourceManager, connManager: nullConnManager })
    assert.deepEqual([...new Set((await scrape(node.metricsUrl)).match(/^libp2p_[a-z]+/gm))], ['libp2p_swarm'])
  })

  it('have a port that is free, or there is no node', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    await assert.rejects(createNode({ listen: [], metrics: `${port}` }), { code: 'METRICS_SERVER', host: '127.0.0.1', port })
    await assert.rejects(createNode({ listen: [], metrics: 'somewhere' }), { code: 'INVALID_METRICS_ADDRESS' })
    taken.close()
  })

  it('have their descriptors in the plan', () => {
    const budget = { memoryBytes: 256 << 20, numFd: 1_024 }
    assert.equal(nodePlan({ budget, metrics: '0' }).worstCase.fds - nodePlan({ budget }).worstCase.fds, 17)
  })
})
