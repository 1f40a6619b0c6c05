// A policy of your own: a node that talks to its friends only, and says why it refuses the rest.
import assert from 'node:assert/strict'
import { ALLOW, type ConnectionGater, deny, nullConnectionGater, type PeerRef, type Verdict } from '@weir/network'
import { createNode } from '@weir/node'
import { ConnGatedError, DialError } from '@weir/swarm'

/** Every hook answers ALLOW or a denial, at once; those we do not care for are the Null's. */
function friendsOnly (friends: Set<string>, onDenied: (peer: PeerRef) => void): ConnectionGater {
  const judge = (peer: PeerRef): Verdict => {
    if (friends.has(peer.toString())) return ALLOW
    onDenied(peer)
    return deny('friends-only', `${peer} is no friend`)
  }
  return {
    ...nullConnectionGater,
    interceptPeerDial: judge, // before we dial
    interceptSecured: (_direction, peer) => judge(peer) // when somebody has proved who they are
  }
}

const friends = new Set<string>()
const denied: string[] = []
const listen = ['/ip4/127.0.0.1/tcp/0']
await using loner = await createNode({ listen, connectionGater: friendsOnly(friends, peer => { denied.push(peer.toString()) }) })
await using stranger = await createNode({ listen })

// We dial: the refusal names the rule, and nothing was sent.
const error = await loner.host.connect({ peer: stranger.peer, addrs: stranger.addrs() }).catch(error => error as Error)
assert.ok(DialError.is(error) && ConnGatedError.is(error.cause))
assert.equal(error.cause.denial.rule, 'friends-only')
console.log(`loner dials stranger: ${error.cause.message}`)

// They dial: the connection ends before anything else sees it. Why, the gater's owner knows; the stranger is not told.
await assert.rejects(stranger.host.connect({ peer: loner.peer, addrs: loner.addrs() }).then(conn => conn.newStream()).then(stream => stream.read()))
assert.deepEqual(loner.network.peers(), [])
assert.equal(denied.at(-1), stranger.peer.toString())
console.log('stranger dials loner: refused')

// The policy is asked every time, so it may change.
friends.add(stranger.peer.toString())
const conn = await loner.host.connect({ peer: stranger.peer, addrs: stranger.addrs() })
assert.equal(conn.remotePeer.toString(), stranger.peer.toString())
console.log('loner dials its new friend: connected')
