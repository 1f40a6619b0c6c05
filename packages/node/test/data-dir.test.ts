import assert from 'node:assert/strict'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDataDir, readIdentity } from '../src/data-dir.ts'
import { temporaryDir } from './temporary-dir.ts'

describe('data directory', () => {
  it('is made for its owner alone, with a key and a lock, and keeps the key alone', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'a', 'b')
    const dataDir = await openDataDir(path)
    assert.deepEqual(await readdir(path), ['lock'])
    await dataDir.identity()
    assert.equal((await stat(path)).mode & 0o777, 0o700)
    assert.deepEqual((await readdir(path)).sort(), ['identity.key', 'lock'])
    await dataDir[Symbol.asyncDispose]()
    await dataDir[Symbol.asyncDispose]()
    assert.deepEqual(await readdir(path), ['identity.key'])
  })

  it('gives the same identity every time', async () => {
    await using dir = await temporaryDir()
    const first = await openDataDir(dir.path)
    const key = await first.identity()
    assert.ok((await first.identity()).equals(key))
    await first[Symbol.asyncDispose]()
    await using second = await openDataDir(dir.path)
    assert.ok((await second.identity()).equals(key))
  })

  it('is refused to a second node, named with the process that has it', async () => {
    await using dir = await temporaryDir()
    await using _first = await openDataDir(dir.path)
    await assert.rejects(openDataDir(dir.path), { code: 'DATA_DIR_LOCKED', path: dir.path, pid: process.pid, message: new RegExp(`process ${process.pid}`) })
  })

  it('cannot be where a file is, nor below one', async () => {
    await using dir = await temporaryDir()
    const file = join(dir.path, 'file')
    await writeFile(file, '')
    await assert.rejects(openDataDir(file), { code: 'DATA_DIR', path: file, message: /EEXIST/ })
    await assert.rejects(openDataDir(join(file, 'below')), { code: 'DATA_DIR', message: /ENOTDIR/ })
  })
})

describe('data directory with something else for a lock', () => {
  it('cannot be used', async () => {
    await using dir = await temporaryDir()
    await mkdir(join(dir.path, 'lock'))
    await assert.rejects(openDataDir(dir.path), { code: 'DATA_DIR', message: /EISDIR/ })
    assert.deepEqual(await readdir(dir.path), ['lock'])
  })
})

describe('identity', () => {
  it('is made once, and leaves the directory unlocked', async () => {
    await using dir = await temporaryDir()
    const made = await readIdentity(dir.path)
    assert.deepEqual(await readdir(dir.path), ['identity.key'])
    assert.ok((await readIdentity(dir.path)).equals(made))
  })

  it('is read beside a node that runs', async () => {
    await using dir = await temporaryDir()
    await using running = await openDataDir(dir.path)
    const key = await running.identity()
    assert.ok((await readIdentity(dir.path)).equals(key))
  })

  it('is refused from a bad key file', async () => {
    await using dir = await temporaryDir()
    await writeFile(join(dir.path, 'identity.key'), '', { mode: 0o600 })
    await assert.rejects(readIdentity(dir.path), { code: 'KEY_FILE_CORRUPT' })
    await using open = await openDataDir(dir.path)
    await assert.rejects(open.identity(), { code: 'KEY_FILE_CORRUPT' })
  })
})
