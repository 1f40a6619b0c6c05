import assert from 'node:assert/strict'
import { report } from 'node:process'
import { thisMachine } from '../src/machine.ts'

describe('thisMachine', () => {
  it('has memory', () => {
    assert.ok(thisMachine.hostMemoryBytes() > 2 ** 24)
  })

  it('reads a file, and nothing where none is to be read', () => {
    assert.match(thisMachine.readText(new URL(import.meta.url).pathname) ?? '', /thisMachine/)
    assert.equal(thisMachine.readText('/no/such/file'), undefined)
    assert.equal(thisMachine.readText('/'), undefined)
  })

  it('asks the runtime for its limit, and leaves the runtime\'s settings as they were', () => {
    const before = { ...report }
    const soft = thisMachine.reportedOpenFiles()
    assert.ok(soft === undefined || soft === 'unlimited' || Number(soft) > 0, String(soft))
    assert.equal((report as { excludeNetwork?: boolean }).excludeNetwork, (before as { excludeNetwork?: boolean }).excludeNetwork ?? false)
  })
})
