import assert from 'node:assert/strict'
import { type Case, suite } from '../src/index.ts'

interface Subject {
  readonly serial: number
}

describe('suite', () => {
  let log: string[]
  let serial: number
  const setup = async (): Promise<Subject> => {
    log.push(`setup ${++serial}`)
    return { serial }
  }
  const teardown = async (subject: Subject): Promise<void> => { log.push(`teardown ${subject.serial}`) }
  const cases: Case<Subject, 'enforces'>[] = [
    { name: 'first', run: subject => { log.push(`run ${subject.serial}`) } },
    { name: 'second', needs: ['enforces'], run: async () => { throw new Error('of the case') } }
  ]

  beforeEach(() => {
    log = []
    serial = 0
  })

  it('gives each case a subject of its own', async () => {
    for (const c of suite(cases, { capabilities: { enforces: false }, setup, teardown })) await c.run()
    assert.deepEqual(log, ['setup 1', 'run 1', 'teardown 1'])
    const [again] = suite(cases, { capabilities: { enforces: false }, setup, teardown })
    await again?.run()
    assert.deepEqual(log.slice(3), ['setup 2', 'run 2', 'teardown 2'])
  })

  it('takes the subject of a failing case down, too, and hands on why it failed', async () => {
    const [, second] = suite(cases, { capabilities: { enforces: true }, setup, teardown })
    assert.equal(second?.name, 'second')
    await assert.rejects(second.run(), /of the case/)
    assert.deepEqual(log, ['setup 1', 'teardown 1'])
  })

  it('fails a case whose subject cannot be taken down', async () => {
    const [first] = suite(cases, { capabilities: { enforces: true }, setup, teardown: () => { throw new Error('still busy') } })
    assert(first !== undefined)
    await assert.rejects(first.run(), /still busy/)
  })

  it('needs no teardown', async () => {
    const [first] = suite(cases, { capabilities: { enforces: true }, setup })
    await first?.run()
    assert.deepEqual(log, ['setup 1', 'run 1'])
  })
})
