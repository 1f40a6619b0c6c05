import assert from 'node:assert/strict'
import { recordingGater } from '@weir/compliance'
import { type ConnectionGater, deny, nullConnectionGater } from '@weir/network'
import { ConnGatedError, DialError, SwarmTimeoutError } from '../src/index.ts'
import { swarmPair, until } from './swarm-pair.ts'

const OUTBOUND = ['gater.peerDial', 'gater.addrDial', 'gater.secured outbound', 'gater.upgraded']
const INBOUND = ['gater.accept', 'gater.secured inbound', 'gater.upgraded']

interface Gate {
  readonly side: 'a' | 'b'
  readonly hook: keyof ConnectionGater
  /** What the dialer's gater, or the listener's, is asked up to the denial. */
  readonly asked: number
}

/** By Go's names. */
const GATES: Record<string, Gate> = {
  InterceptPeerDial: { side: 'a', hook: 'interceptPeerDial', asked: 1 },
  InterceptAddrDial: { side: 'a', hook: 'interceptAddrDial', asked: 2 },
  InterceptSecuredOutgoing: { side: 'a', hook: 'interceptSecured', asked: 3 },
  InterceptUpgradedOutgoing: { side: 'a', hook: 'interceptUpgraded', asked: 4 },
  InterceptAccept: { side: 'b', hook: 'interceptAccept', asked: 1 },
  InterceptSecuredIncoming: { side: 'b', hook: 'interceptSecured', asked: 2 },
  InterceptUpgradedIncoming: { side: 'b', hook: 'interceptUpgraded', asked: 3 }
}

// p2p/test/transport, gating_test
describe('gating', () => {
  for (const [name, { side, hook, asked }] of Object.entries(GATES)) {
    it(`${name}: is asked in its turn, and nothing is asked behind a denial`, async () => {
      const logs = { a: [] as string[], b: [] as string[] }
      const denying = { ...nullConnectionGater, [hook]: () => deny('rule') }
      const gater = (each: 'a' | 'b'): ConnectionGater => recordingGater(logs[each], each === side ? denying : nullConnectionGater)
      await using pair = await swarmPair({ connectionGater: gater('a') }, { connectionGater: gater('b') })
      const dial = pair.a.dialPeer(pair.b.localPeer)
      if (side === 'a') {
        await assert.rejects(dial, (error: unknown) => {
          assert(DialError.is(error))
          const gated = hook === 'interceptPeerDial' ? error.cause : error.failures[0]?.cause
          assert(ConnGatedError.is(gated) && gated.hook === hook && gated.denial.rule === 'rule', String(gated))
          return true
        })
      } else {
        // It may be through on our side when the other one denies; then it ends. It is never the time that is up.
        const outcome: unknown = await dial.then(async conn => {
          await until(() => conn.isClosed(), 'it ends')
          return undefined
        }, (error: unknown) => error)
        if (outcome !== undefined) assert(DialError.is(outcome) && !outcome.failures.some(({ cause }) => SwarmTimeoutError.is(cause)), String(outcome))
      }
      const expected = (side === 'a' ? OUTBOUND : INBOUND).slice(0, asked)
      const denied = expected.pop()
      await until(() => logs[side].length > expected.length, 'the gater was asked')
      assert.deepEqual(logs[side], [...expected, `${denied} denied rule`])
      if (side === 'a' && asked <= 2) assert.deepEqual(logs.b, [], 'nothing was dialled')
      await until(() => pair.a.conns().length + pair.b.conns().length === 0, 'no connection is left')
    })
  }
})
