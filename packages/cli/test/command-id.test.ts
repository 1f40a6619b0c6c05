import assert from 'node:assert/strict'
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assertOneLine, Weir, weir } from './start-weir.ts'
import { temporaryDir } from './temporary-dir.ts'

describe('weir id', function () {
  this.timeout(60_000)

  it('prints the peer id alone, the same each time, and never the key', async () => {
    await using dir = await temporaryDir()
    const data = join(dir.path, 'data')
    const first = await weir('id', '--data', data)
    assert.equal(first.code, 0)
    assert.match(first.stdout, /^12D3KooW\w+\n$/)
    assert.equal(first.stderr, '')
    assert.deepEqual(await readdir(data), ['identity.key'])
    const second = await weir('id', '--data', data, '--json', '--verbose')
    assert.deepEqual(JSON.parse(second.stdout), { event: 'id', peer: first.stdout.trim(), keyType: 'Ed25519', dataDir: data })
    const key = await readFile(join(data, 'identity.key'))
    for (const coding of ['hex', 'base64', 'base64url', 'latin1'] as const) assert.ok(!second.stdout.includes(key.subarray(4, 36).toString(coding)))
  })

  it('takes the home directory when nothing else is said', async () => {
    await using home = await temporaryDir()
    await using command = new Weir(['id'], { HOME: home.path })
    assert.equal((await command.ended).code, 0)
    assert.deepEqual(await readdir(join(home.path, '.weir')), ['identity.key'])
  })

  it('refuses a key file that is no good', async () => {
    await using dir = await temporaryDir()
    await writeFile(join(dir.path, 'identity.key'), '', { mode: 0o600 })
    const damaged = await weir('id', '--data', dir.path)
    assert.equal(damaged.code, 4)
    assertOneLine(damaged, /holds no private key/)
    await chmod(join(dir.path, 'identity.key'), 0o640)
    const open = await weir('id', '--data', dir.path)
    assert.equal(open.code, 4)
    assertOneLine(open, /chmod 600/)
  })
})
