import assert from 'node:assert/strict'
import { PeerProcess } from '../src/peer-process.ts'

const ANSWERS = `
require('node:readline').createInterface({ input: process.stdin }).on('line', line => {
  const { id, cmd } = JSON.parse(line)
  if (cmd === 'silence') return
  if (cmd === 'die') process.exit(3)
  if (cmd === 'fail') console.log(JSON.stringify({ id, ok: false, error: 'as asked', kind: 'reset' }))
  else console.log(JSON.stringify({ event: 'asked', how: cmd }) + '\\n' + JSON.stringify({ id, ok: true, result: { cmd } }))
})`

describe('peer process', () => {
  let peer: PeerProcess

  beforeEach(() => {
    peer = new PeerProcess('a peer', [process.execPath, '-e', ANSWERS])
  })

  afterEach(async () => { await peer.end() })

  it('answers, reports events and ends with its input', async () => {
    assert.deepEqual(await peer.ask('hello'), { cmd: 'hello' })
    assert.equal((await peer.event('asked')).how, 'hello')
    assert.equal(await peer.end(), 0)
  })

  it('passes on what failed', async () => {
    await assert.rejects(peer.ask('fail'), { message: 'a peer: as asked', kind: 'reset' })
  })

  it('does not wait for ever', async () => {
    const silent = new PeerProcess('a peer', [process.execPath, '-e', ANSWERS], { answerWithinMs: 200 })
    await assert.rejects(silent.ask('silence'), /a peer did not answer silence in 200 ms/)
    await assert.rejects(silent.event('nothing'), /a peer did not report nothing in 200 ms/)
    await silent.end()
  })

  it('tells of its death to whoever waits, and to later callers', async () => {
    await assert.rejects(peer.ask('die'), /a peer has ended \(3\)/)
    await assert.rejects(peer.ask('hello'), /a peer has ended \(3\)/)
    await assert.rejects(peer.event('asked'), /a peer has ended \(3\)/)
  })

  it('is killed when it does not end', async () => {
    const stubborn = new PeerProcess('stubborn', [process.execPath, '-e', 'setInterval(() => {}, 1000)'], { endWithinMs: 300 })
    assert.equal(await stubborn.end(), undefined)
  })

  it('fails where there is no such program', async () => {
    const missing = new PeerProcess('missing', ['/nonexistent/program'])
    await assert.rejects(missing.ask('hello'), /ENOENT/)
    await missing.end()
  })
})
