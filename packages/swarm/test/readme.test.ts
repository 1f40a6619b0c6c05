import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { DIAL_PEER_TIMEOUT_MS } from '@weir/network'
import { BLACK_HOLE_DEFAULTS, DIAL_BACKOFF_DEFAULTS, MAX_DIAL_FAILURES, SWARM_DEFAULTS } from '../src/defaults.ts'

describe('README.md', () => {
  it('has the numbers of the code', async () => {
    const readme = (await readFile(new URL('../README.md', import.meta.url), 'utf8')).replaceAll(/\s+/g, ' ')
    for (const [name, value] of Object.entries(SWARM_DEFAULTS)) assert(readme.includes(`\`${name}\` ${value.toLocaleString('en')}`), name)
    const { baseMs, coefMs, maxMs } = DIAL_BACKOFF_DEFAULTS
    const { window, minSuccesses } = BLACK_HOLE_DEFAULTS
    assert.equal(coefMs, 1_000)
    for (const said of [
      `| ${DIAL_PEER_TIMEOUT_MS.toLocaleString('en')}, or \`dialPeerTimeoutMs\``,
      `left alone for ${baseMs / 1_000} s, then ${baseMs / 1_000} s plus the square of the failures before in seconds, at most ${maxMs / 1_000} s`,
      `fewer than ${minSuccesses} of their last ${window} dials`,
      `every ${window}th request`,
      `lists ${MAX_DIAL_FAILURES} addresses`
    ]) assert(readme.includes(said), said)
  })

  it('names the files that there are', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    for (const [, file] of readme.matchAll(/`([a-z-]+\.ts)`/g)) await readFile(new URL(`../src/${file}`, import.meta.url))
  })
})
