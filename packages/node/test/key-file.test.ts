import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { createKeyFile, readKeyFile } from '../src/key-file.ts'
import { temporaryDir } from './temporary-dir.ts'

const writeKey = (path: string, bytes: Uint8Array | string): Promise<void> => writeFile(path, bytes, { mode: 0o600 })

describe('key file', () => {
  it('is not there before it is made', async () => {
    await using dir = await temporaryDir()
    assert.equal(await readKeyFile(join(dir.path, 'identity.key')), undefined)
  })

  it('is an Ed25519 key in libp2p protobuf, for the owner alone, with nothing left beside it', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'identity.key')
    const made = await createKeyFile(path)
    assert.equal(made.type, 'Ed25519')
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(dir.path), ['identity.key'])
    assert.ok(privateKeyFromProtobuf(await readFile(path)).equals(made))
    assert.ok((await readKeyFile(path))?.equals(made))
  })

  it('is for the owner alone whatever the umask allows', async () => {
    await using dir = await temporaryDir()
    const before = process.umask(0)
    try {
      await createKeyFile(join(dir.path, 'identity.key'))
    } finally {
      process.umask(before)
    }
    assert.equal((await stat(join(dir.path, 'identity.key'))).mode & 0o777, 0o600)
  })

  for (const type of ['secp256k1', 'RSA'] as const) {
    it(`may hold a key of type ${type}, made elsewhere`, async () => {
      await using dir = await temporaryDir()
      const path = join(dir.path, 'identity.key')
      const key = type === 'RSA' ? await generateKeyPair('RSA', 2048) : await generateKeyPair(type)
      await writeKey(path, privateKeyToProtobuf(key))
      assert.ok((await readKeyFile(path))?.equals(key))
    })
  }

  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o602, 0o601]) {
    it(`is refused with mode ${mode.toString(8)}, and the sentence says what to do`, async () => {
      await using dir = await temporaryDir()
      const path = join(dir.path, 'identity.key')
      await createKeyFile(path)
      await chmod(path, mode)
      await assert.rejects(readKeyFile(path), { code: 'KEY_FILE_INSECURE', path, mode, message: new RegExp(`chmod 600 ${path}`) })
    })
  }

  it('may be read-only', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'identity.key')
    const made = await createKeyFile(path)
    await chmod(path, 0o400)
    assert.ok((await readKeyFile(path))?.equals(made))
  })

  it('may be reached through a symbolic link, and its target must be safe', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'identity.key')
    const made = await createKeyFile(join(dir.path, 'elsewhere'))
    await symlink('elsewhere', path)
    assert.ok((await readKeyFile(path))?.equals(made))
    await chmod(join(dir.path, 'elsewhere'), 0o644)
    await assert.rejects(readKeyFile(path), { code: 'KEY_FILE_INSECURE' })
  })

  it('is refused when it is no regular file, without waiting for anybody', async () => {
    await using dir = await temporaryDir()
    await mkdir(join(dir.path, 'directory'))
    await promisify(execFile)('mkfifo', ['-m', '600', join(dir.path, 'pipe')])
    await symlink('loop', join(dir.path, 'loop'))
    for (const name of ['directory', 'pipe', 'loop']) {
      await assert.rejects(readKeyFile(join(dir.path, name)), { code: 'KEY_FILE_UNREADABLE', path: join(dir.path, name) })
    }
  })

  const damages: Array<[string, (good: Uint8Array) => Uint8Array]> = [
    ['empty', () => new Uint8Array(0)],
    ['text', () => new TextEncoder().encode('-----BEGIN PRIVATE KEY-----\n')],
    ['cut short', good => good.subarray(0, 40)],
    ['all zeros', good => new Uint8Array(good.byteLength)],
    ['with a flipped bit in its private half', good => good.with(10, (good[10] ?? 0) ^ 1)],
    ['with a flipped bit in its public half', good => good.with(60, (good[60] ?? 0) ^ 1)],
    ['of an unknown type', good => good.with(1, 9)],
    ['far too long', () => new Uint8Array(1_000_000)]
  ]
  for (const [name, damage] of damages) {
    it(`is refused when it is ${name}, and stays as it is`, async () => {
      await using dir = await temporaryDir()
      const path = join(dir.path, 'identity.key')
      const damaged = damage(privateKeyToProtobuf(await generateKeyPair('Ed25519')))
      await writeKey(path, damaged)
      await assert.rejects(readKeyFile(path), { code: 'KEY_FILE_CORRUPT', path })
      assert.deepEqual(new Uint8Array(await readFile(path)), damaged)
    })
  }

  it('never shows what is in it in an error', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'identity.key')
    await writeKey(path, 'correct horse battery staple')
    const error = await readKeyFile(path).then(() => undefined, error => error as Error)
    assert.doesNotMatch(`${error?.stack}`, /horse/)
  })
})
