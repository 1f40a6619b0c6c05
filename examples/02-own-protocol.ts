// A protocol of your own: the asker sends a text and ends its half, the answerer counts the words and sends the number.
// Then what to do about a peer that never answers: a deadline.
import assert from 'node:assert/strict'
import { DeadlineExceededError, type Stream, systemClock } from '@weir/network'
import { createNode, type Node } from '@weir/node'

const COUNT_WORDS = '/example/count-words/1.0.0'
const SLEEP = '/example/sleep/1.0.0'

/** A handler owns its stream and ends it. One that throws has it reset. */
async function countWords (stream: Stream): Promise<void> {
  await using _ = stream
  stream.setDeadline(systemClock.monotonicMs() + 10_000) // a peer that dawdles is not waited for
  let text = ''
  for await (const bytes of stream) { // until the asker ends its half
    text += Buffer.from(bytes).toString()
    if (text.length > 1_000_000) throw new RangeError('that is a book') // never keep what a remote sends without a limit
  }
  await stream.write(Buffer.from(`${text.split(/\s+/).length}`))
}

async function ask (node: Node, text: string): Promise<number> {
  await using stream = await node.host.newStream(answerer.peer, COUNT_WORDS)
  await stream.write(Buffer.from(text))
  await stream.closeWrite() // "that is all": reading goes on
  return Number(Buffer.concat(await Array.fromAsync(stream)).toString())
}

await using answerer = await createNode({ listen: ['/ip4/127.0.0.1/tcp/0'] })
answerer.host.setStreamHandler(COUNT_WORDS, countWords)
answerer.host.setStreamHandler(SLEEP, () => {}) // takes the stream and does nothing

await using asker = await createNode({ listen: [] })
await asker.host.connect({ peer: answerer.peer, addrs: answerer.addrs() })

const words = await ask(asker, 'a weir decides how much water passes')
assert.equal(words, 7)
console.log(`${words} words`)

const stream = await asker.host.newStream(answerer.peer, SLEEP)
stream.setReadDeadline(systemClock.monotonicMs() + 200)
const error = await stream.read().catch(error => error as Error)
assert.ok(DeadlineExceededError.is(error))
console.log(`asked the sleeper: ${error.message}`)
stream.reset() // an expired read loses nothing and ends nothing, so we do
