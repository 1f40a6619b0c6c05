import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LevelDatastore } from 'datastore-level'
import { createBasicGater } from '../src/index.ts'
import { from, ruleOf } from './peers.ts'

const CHILD = fileURLToPath(new URL('./block-until-killed.ts', import.meta.url))

/** Starts the child, kills it after so many lines, and gives the lines that it had written by then. */
async function runAndKill (folder: string, first: number, numLines: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=@weir/source', CHILD, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
    if (text.split('\n').length > numLines) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'close')
  assert.equal(signal, 'SIGKILL')
  return text.split('\n').slice(0, -1) // what is behind the last line end may be half a line
}

describe('a gater that is killed', () => {
  it('has lost nothing that it acknowledged', async function () {
    this.timeout(60_000)
    await using dir = await mkdtempDisposable(join(tmpdir(), 'weir-gater-'))
    const folder = join(dir.path, 'db')
    const lines: string[] = []
    for (let run = 0; run < 3; run++) lines.push(...await runAndKill(folder, run * 100_000, 50 + run * 77))
    assert(lines.length > 300)
    const datastore = new LevelDatastore(folder)
    await datastore.open()
    try {
      await using gater = await createBasicGater({ datastore })
      assert.deepEqual([gater.loadReport.numCorrupt, gater.loadReport.numOver], [0, 0])
      const lastOf = new Map(lines.map(line => [line.slice(1), line[0]]))
      for (const [about, sign] of lastOf) {
        const [type, number] = about.split(' ')
        const i = Number(number)
        const rule = type === 'addr'
          ? ruleOf(gater.interceptAccept(from(`10.${i >> 16 & 255}.${i >> 8 & 255}.${i & 255}`)))
          : type === 'peer' ? ruleOf(gater.interceptPeerDial({ type: '', toString: () => `peer-${i}` })) : ruleOf(gater.interceptAccept(from(`2001:db8:${(i & 0xffff).toString(16)}::1`)))
        // A peer whose unblocking was begun and not acknowledged may be either.
        if (sign === '+' && type === 'peer' && i % 3 === 0) continue
        assert.equal(rule, sign === '+' ? `blocked-${type}` : 'allow', about)
      }
      assert.equal(gater.loadReport.numLoaded, gater.listBlockedAddrs().length + gater.listBlockedPeers().length + gater.listBlockedSubnets().length)
    } finally {
      await datastore.close()
    }
  })
})
