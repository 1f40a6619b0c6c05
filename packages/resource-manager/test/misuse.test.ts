import assert from 'node:assert/strict'
import { turn } from '@weir/compliance'
import { type Misuse, misuseText } from '../src/index.ts'
import { MisuseReports, warnOnce } from '../src/misuse.ts'

const scope = { kind: 'system' } as const

describe('MisuseReports', () => {
  it('counts all, and reports them in a turn of their own', async () => {
    const heard: Misuse[] = []
    const reports = new MisuseReports(misuse => { heard.push(misuse) })
    reports.overRelease(scope, 5, 3)
    reports.notEnded({ kind: 'connection', id: 1 }, undefined)
    assert.deepEqual([heard, reports.counts()], [[], { overReleases: 1, notEnded: 1 }])
    await turn()
    assert.deepEqual(heard.map(misuseText), ['5 bytes were released in the scope of system, which held 3', 'the scope of connection 1 was never ended: what it holds stays charged'])
  })

  it('of a flood it counts all and reports some', async () => {
    let heard = 0
    const reports = new MisuseReports(() => { heard++ })
    for (let i = 0; i < 10_000; i++) reports.overRelease(scope, 1, 0)
    await turn()
    assert.deepEqual([reports.counts().overReleases, heard], [10_000, 64])
    reports.overRelease(scope, 1, 0)
    await turn()
    assert.equal(heard, 65)
  })

  it('a listener that throws is nobody else\'s trouble', async () => {
    let heard = 0
    const reports = new MisuseReports(() => { heard++; throw new Error('of the listener') })
    reports.overRelease(scope, 1, 0)
    reports.overRelease(scope, 1, 0)
    await turn()
    assert.equal(heard, 2)
  })

  it('warns once of each kind by default', async () => {
    const warnings: Error[] = []
    const hear = (warning: Error): void => { warnings.push(warning) }
    process.on('warning', hear)
    try {
      const listener = warnOnce()
      for (let i = 0; i < 3; i++) listener({ kind: 'over-release', scope, bytes: 2, heldBytes: 1 })
      await turn()
      await turn()
    } finally {
      process.off('warning', hear)
    }
    assert.deepEqual(warnings.filter(({ name }) => name === 'ResourceMisuseWarning').map(({ message }) => message), ['2 bytes were released in the scope of system, which held 1 (further ones are counted only)'])
  })
})
