import assert from 'node:assert/strict'
import { thisMachine } from '../src/machine.ts'
import { openFilesLimit } from '../src/open-files-limit.ts'
import { handMachine, procLimits } from './hand-machine.ts'

describe('openFilesLimit', () => {
  it('TestFileDescriptorCounting: of this machine, above 0 and below ten million', () => {
    const limit = openFilesLimit(thisMachine)
    assert.ok(limit !== undefined && limit > 0 && (limit < 1e7 || limit === Infinity), String(limit))
  })

  it('is the soft limit, not the hard one', () => {
    assert.equal(openFilesLimit(handMachine({ files: { '/proc/self/limits': procLimits('1024') } })), 1_024)
    assert.equal(openFilesLimit(handMachine({ files: { '/proc/self/limits': procLimits('unlimited') } })), Infinity)
    assert.equal(openFilesLimit(handMachine({ files: { '/proc/self/limits': procLimits('18446744073709551615') } })), Infinity)
  })

  it('is what the runtime reports where there is no /proc', () => {
    assert.equal(openFilesLimit(handMachine({ platform: 'darwin', openFiles: 256 })), 256)
    assert.equal(openFilesLimit(handMachine({ platform: 'darwin', openFiles: 'unlimited' })), Infinity)
  })

  it('is not known where nobody says, nor where what is said is no number', () => {
    assert.equal(openFilesLimit(handMachine({ platform: 'sunos' })), undefined)
    for (const openFiles of ['many', -1, 1.5, Number.NaN]) assert.equal(openFilesLimit(handMachine({ openFiles })), undefined)
  })

  it('is none on Windows', () => {
    assert.equal(openFilesLimit(handMachine({ platform: 'win32' })), Infinity)
  })
})
