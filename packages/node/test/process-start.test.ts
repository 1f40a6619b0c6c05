import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { processStart } from '../src/process-start.ts'

describe('processStart', () => {
  it('is the same each time for one process, and another for another', async () => {
    const child = spawn(process.execPath, ['-e', 'process.title = ") Z 1 (";setTimeout(() => {}, 60_000);console.log()'])
    await once(child.stdout, 'data')
    const mine = await processStart(process.pid)
    const its = await processStart(child.pid ?? 0)
    assert.equal(await processStart(process.pid), mine)
    if (process.platform === 'linux') assert.match(its ?? '', /^[0-9a-f-]{36}:\d+$/, 'whatever the program is called')
    assert.ok(mine === undefined || mine !== its)
    child.kill('SIGKILL')
    await once(child, 'close')
    assert.equal(await processStart(child.pid ?? 0), undefined)
  })
})
