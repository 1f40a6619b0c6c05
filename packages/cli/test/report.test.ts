import assert from 'node:assert/strict'
import { createReport } from '../src/report.ts'

function sinks (): { stdout: { text: string, write (text: string): void }, stderr: { text: string, write (text: string): void } } {
  const sink = (): { text: string, write (text: string): void } => ({ text: '', write (text) { this.text += text } })
  return { stdout: sink(), stderr: sink() }
}

describe('report', () => {
  it('is text for people, what went wrong on stderr', () => {
    const { stdout, stderr } = sinks()
    const report = createReport({ json: false, stdout, stderr })
    report.tell('greeted', { name: 'a' }, 'hello\na')
    report.tell('counted', { n: 1 })
    report.tell('listed', { n: 2 }, ['one', 'two'])
    report.complain('failed', {}, 'no')
    assert.equal(stdout.text, 'hello; a\none\ntwo\n')
    assert.equal(stderr.text, 'no\n')
  })

  it('is one JSON object on each line for programs', () => {
    const { stdout, stderr } = sinks()
    const report = createReport({ json: true, stdout, stderr })
    report.tell('greeted', { name: 'a\nb' }, 'hello')
    report.tell('counted', { n: 1 })
    report.complain('failed', { message: 'no' }, 'no')
    assert.deepEqual(stdout.text.trimEnd().split('\n').map(line => JSON.parse(line)), [{ event: 'greeted', name: 'a\nb' }, { event: 'counted', n: 1 }])
    assert.deepEqual(JSON.parse(stderr.text), { event: 'failed', message: 'no' })
  })
})
