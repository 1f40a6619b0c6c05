// Bans and trust: a gater that keeps its lists in a datastore, and a policy whose bans grow. Both ends run on one machine, so it
// is the peer that is banned here, not its address.
import assert from 'node:assert/strict'
import { composeGaters, createBasicGater, createGreylist } from '@weir/conn-gater'
import { ECHO_PROTOCOL } from '@weir/host'
import { createNode } from '@weir/node'
import { MemoryDatastore } from 'datastore-core'

const datastore = new MemoryDatastore() // datastore-level in a real node
await using gater = await createBasicGater({ datastore })
using greylist = createGreylist({ trust: gater })
const connectionGater = composeGaters(gater, greylist)

await using server = await createNode({ listen: ['/ip4/127.0.0.1/tcp/0'], connectionGater })
await using guest = await createNode({ listen: [] })
const dial = async () => await guest.host.connect({ peer: server.peer, addrs: server.addrs() })

{
  await dial()
  await using stream = await guest.host.newStream(server.peer, ECHO_PROTOCOL)
  await stream.write(Buffer.from('hello'))
  console.log('a guest says', Buffer.from(await stream.read() ?? []).toString())
}
await gater.blockPeer(guest.peer, { reason: 'sends garbage', ttlMs: 86_400_000 })
const [closed] = await gater.enforce(server.network)
console.log(`closed: ${closed?.message}`)

await guest.network.closePeer(server.peer) // as its end is on the way only
await assert.rejects(dial().then(conn => conn.newStream()).then(stream => stream.read()))
console.log('refused:', connectionGater.stat().refusals)

await gater.trustPeer(guest.peer, { reason: 'apologised' })
await dial()
console.log('trusted: may come again, though the ban still stands')

await using restarted = await createBasicGater({ datastore })
console.log(`kept: ${restarted.listBlockedPeers().length} blocked, ${restarted.listTrustedPeers().length} trusted`)
