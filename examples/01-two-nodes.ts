// Two nodes on this machine: one says something, the other says it back.
import assert from 'node:assert/strict'
import { ECHO_PROTOCOL } from '@weir/host'
import { createNode } from '@weir/node'

await using alice = await createNode({ listen: ['/ip4/127.0.0.1/tcp/0'] })
await using bob = await createNode({ listen: [] })

await bob.host.connect({ peer: alice.peer, addrs: alice.addrs() })
await using stream = await bob.host.newStream(alice.peer, ECHO_PROTOCOL)
await stream.write(Buffer.from('how much passes?'))
await stream.closeWrite()

const answer = Buffer.concat(await Array.fromAsync(stream)).toString()
assert.equal(answer, 'how much passes?')
console.log(`${alice.peer} echoed: ${answer}`)
