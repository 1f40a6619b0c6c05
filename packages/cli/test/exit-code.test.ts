import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { ExitCode, exitCodeOf } from '../src/exit-code.ts'

const withCode = (code: string, options?: ErrorOptions): Error => Object.assign(new Error(code, options), { code })

describe('exit code', () => {
  it('follows from the code of the error, or of what caused it', () => {
    assert.equal(exitCodeOf(withCode('KEY_FILE_INSECURE')), ExitCode.key)
    assert.equal(exitCodeOf(withCode('DATA_DIR_LOCKED')), ExitCode.dataDir)
    assert.equal(exitCodeOf(new Error('start', { cause: withCode('LISTEN_FAILED', { cause: withCode('EADDRINUSE') }) })), ExitCode.listen)
    assert.equal(exitCodeOf(withCode('PEER_FAILED', { cause: withCode('LISTEN_FAILED') })), ExitCode.peer)
  })

  it('is 1 for everything else', () => {
    for (const error of [new Error('x'), withCode('OTHER'), 'text', undefined, null]) assert.equal(exitCodeOf(error), ExitCode.failed)
  })

  it('is never used twice, and each is in the README', async () => {
    const codes = Object.values(ExitCode)
    assert.equal(new Set(codes).size, codes.length)
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const documented = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    assert.deepEqual(documented, codes)
  })
})
