import assert from 'node:assert/strict'
import { turn, until, within } from '../src/index.ts'

describe('within', () => {
  it('gives what the promise gives', async () => {
    assert.equal(await within(Promise.resolve(1), 'one'), 1)
    await assert.rejects(within(Promise.reject(new Error('its own')), 'one'), /its own/)
  })

  it('says what it has waited for when it takes too long', async () => {
    await assert.rejects(within(new Promise(() => {}), 'the impossible', 1), /not within 1 ms: the impossible/)
  })
})

describe('until', () => {
  it('waits', async () => {
    let turns = 0
    await until(() => turns++ === 2, 'the third look')
    assert.equal(turns, 3)
  })

  it('says what it has waited for when it takes too long', async () => {
    await assert.rejects(until(() => false, 'the impossible', 1), /not within 1 ms: the impossible/)
  })
})

describe('turn', () => {
  it('lets a long chain of promises settle', async () => {
    let links = 0
    void (async () => { while (links < 1_000) links += await Promise.resolve(1) })()
    await turn()
    assert.equal(links, 1_000)
  })
})
