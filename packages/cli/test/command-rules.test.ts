import assert from 'node:assert/strict'
import { join } from 'node:path'
import { assertOneLine, type Ended, startNode, weir } from './start-weir.ts'
import { temporaryDir } from './temporary-dir.ts'

const STRANGER = '12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ'

describe('weir ban, unban, trust, untrust and bans', function () {
  this.timeout(120_000)

  it('work on a running node at once, and on its stored rules when none runs', async () => {
    await using dir = await temporaryDir()
    const data = join(dir.path, 'a')
    const on = async (...args: string[]): Promise<Ended> => await weir(...args, '--data', data)
    await using a = await startNode(data)
    await using b = await startNode(join(dir.path, 'b'), '--peer', a.address)
    await a.node.sees(new RegExp(`^connected: ${b.peer}`, 'm'))
    const banned = await on('ban', b.peer, '--reason', 'too loud')
    assert.equal(banned.code, 0, banned.stderr)
    assert.match(banned.stdout, new RegExp(`^${b.peer} banned\\nclosed: ${b.peer} at \\S+: .*too loud`))
    await a.node.sees(new RegExp(`^disconnected: ${b.peer}`, 'm'))
    assert.equal((await on('ban', '192.0.2.77/24', '--for', '24h', '--json')).stdout, '{"event":"ban","kind":"subnet","key":"192.0.2.0/24","changed":true,"closed":[]}\n')
    await a.node.end('SIGTERM')

    const stored = await on('bans')
    assert.equal(stored.stderr, '')
    assert.match(stored.stdout, new RegExp(`^banned ${b.peer}: too loud\\nbanned 192\\.0\\.2\\.0/24 until 20\\d\\d-\\S+Z\\n$`))
    assert.equal((await on('unban', b.peer, STRANGER)).stdout, `${b.peer} no longer banned\n${STRANGER} was not banned\n`)
    assert.equal((await on('trust', '127.0.0.1')).stdout, '127.0.0.1 trusted\n')

    await using again = await startNode(data)
    const rules = (await on('bans', '--json')).stdout.trim().split('\n').map(line => JSON.parse(line) as { list: string, kind: string, key: string, untilMs: number | null })
    assert.deepEqual(rules.map(({ list, kind, key }) => [list, kind, key]), [['banned', 'subnet', '192.0.2.0/24'], ['trusted', 'addr', '127.0.0.1']])
    assert.equal(rules[1]?.untilMs, null)
    assert.equal((await on('untrust', '127.0.0.1')).stdout, '127.0.0.1 no longer trusted\n')
    assert.equal((await weir('ping', again.address, '--count', '1')).code, 0)
    assert.equal((await on('ban', '127.0.0.0/8')).code, 0)
    assert.equal((await weir('ping', again.address, '--count', '1')).code, 6)
  })

  it('say in one line what is no target, no time, or no directory', async () => {
    await using dir = await temporaryDir()
    const cases: ReadonlyArray<readonly [number, RegExp, ...string[]]> = [
      [2, /nobody.*no peer id, IP address/, 'ban', 'nobody'],
      [2, /missing required argument/, 'unban'],
      [2, /no duration/, 'ban', '192.0.2.1', '--for', 'ever'],
      [2, /unknown option/, 'unban', '192.0.2.1', '--for', '1h'],
      [3, /data directory/, 'bans', '--data', '/dev/null/x']
    ]
    for (const [code, pattern, ...args] of cases) {
      const ended = await weir(...args, ...(args.includes('--data') ? [] : ['--data', dir.path]))
      assert.equal(ended.code, code)
      assertOneLine(ended, pattern)
    }
  })
})
