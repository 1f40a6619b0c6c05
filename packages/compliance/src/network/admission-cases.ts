import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionGater, deny, notifyBundle, nullConnectionGater } from '@weir/network'
import { COMPLIANCE_DEFAULTS } from '../defaults.ts'
import { failingResourceManager } from '../failing-resource-manager.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { echo, readAll, utf8 } from '../muxed-stream/bytes.ts'
import { NetworkPair } from './network-pair.ts'
import { type NetworkCase, pairCase } from './pair-case.ts'

type HookName = keyof ConnectionGater

const HOOKS: readonly (readonly [side: 'a' | 'b', hook: HookName])[] = [
  ['a', 'interceptPeerDial'], ['a', 'interceptAddrDial'], ['a', 'interceptSecured'], ['a', 'interceptUpgraded'],
  ['b', 'interceptAccept'], ['b', 'interceptSecured'], ['b', 'interceptUpgraded']
]

const ANSWERS: readonly (readonly [how: string, answer: () => never])[] = [
  ['denies', () => deny('test') as never],
  ['throws', () => { throw new Error('of a gater') }],
  ['forgets to answer', () => undefined as never],
  ['answers with a promise', () => Promise.resolve() as never],
  ['answers true', () => true as never]
]

/** What was asked about connections, without addresses and peers, which differ. */
function order (log: readonly string[]): string[] {
  return log.filter(line => /^(gater|openConnection|conn\.setPeer|conn\.done)/.test(line)).map(line => line.replace(/^(openConnection \w+|conn\.setPeer) .*/, '$1'))
}

/** A connection and a stream with a protocol on it, an echo, and their ends. What is refused on the way is let go. */
async function attempt ({ a, b }: NetworkPair): Promise<void> {
  b.setStreamHandler(async stream => {
    stream.setProtocol('/test/1')
    stream.scope.setService('service')
    await echo(stream)
  })
  try {
    await using stream = await within(a.newStream(b.localPeer), 'the stream, or a refusal')
    stream.setProtocol('/test/1')
    await stream.write(utf8('hello'))
    await stream.closeWrite()
    await readAll(stream)
  } catch {}
}

function failureCase (side: 'a' | 'b', name: string): NetworkCase {
  return {
    name,
    async run (subject) {
      for (let failAt = 1, more = true; more; failAt++) {
        const failing = failingResourceManager({ failAt })
        const pair = await NetworkPair.open(subject, { [side]: { resourceManager: failing } })
        try {
          await attempt(pair)
        } finally {
          await pair.close()
        }
        await pair.assertAllEnded()
        more = failing.calls >= failAt
        assert(failAt < 100, 'a run without a refusal')
      }
    }
  }
}

/** Admission: who is asked, in which order, and what is left of what was refused. */
export const admissionCases: readonly NetworkCase[] = [
  pairCase('an outbound connection asks gater and resource manager in order', async pair => {
    const { near } = await pair.connect()
    await within(near.close(), 'the connection closes')
    assert.deepEqual(order(pair.logOfA), ['gater.peerDial', 'gater.addrDial', 'openConnection outbound', 'conn.setPeer', 'gater.secured outbound', 'gater.upgraded', 'conn.done'])
  }),
  pairCase('an inbound connection asks gater and resource manager in order', async pair => {
    const { far } = await pair.connect()
    await within(far.close(), 'the connection closes')
    assert.deepEqual(order(pair.logOfB), ['gater.accept', 'openConnection inbound', 'gater.secured inbound', 'conn.setPeer', 'gater.upgraded', 'conn.done'])
  }),
  pairCase('a stream is charged to its peer before it is opened and when it is accepted, and ends with itself', async pair => {
    const { near, far } = await pair.stream()
    await within(Promise.all([near.close(), far.close()]), 'both ends close')
    const streams = (log: readonly string[]): string[] => log.filter(line => /^(openStream|stream\.done)/.test(line))
    assert.deepEqual(streams(pair.logOfA), [`openStream outbound ${pair.b.localPeer}`, 'stream.done'])
    assert.deepEqual(streams(pair.logOfB), [`openStream inbound ${pair.a.localPeer}`, 'stream.done'])
  }),
  failureCase('a', 'a refusal at any step of the dialler leaves nothing on either side'),
  failureCase('b', 'a refusal at any step of the listener leaves nothing on either side'),
  pairCase('a refused inbound stream is reset, and the connection goes on', async pair => {
    const { near } = await pair.connect()
    const refused = await within(near.newStream(), 'the first stream')
    await refused.write(utf8('x')).catch(() => {})
    await within(assert.rejects(refused.read()), 'the first stream is reset')
    assert.equal(near.isClosed(), false)
    await pair.stream()
  }, () => ({ b: { resourceManager: failingResourceManager({ failAt: 1, of: 'openStream' }) } })),
  pairCase('a refused setProtocol is thrown, and the stream is as it was', async pair => {
    const { near } = await pair.stream()
    assert.throws(() => { near.setProtocol('/test/1') }, { code: 'RESOURCE_LIMIT_EXCEEDED' })
    assert.equal(near.protocol, undefined)
    near.setProtocol('/test/2')
  }, () => ({ a: { resourceManager: failingResourceManager({ failAt: 1, of: 'setProtocol' }) } })),
  ...HOOKS.flatMap(([side, hook]) => ANSWERS.map(([how, answer]) => {
    const connectionGater = { ...nullConnectionGater, [hook]: answer }
    return pairCase(`no connection passes when ${hook} of the ${side === 'a' ? 'dialler' : 'listener'} ${how}`, async pair => {
      let told = 0
      pair[side].notify(notifyBundle({ connected: () => { told++ } }))
      const dialling = within(pair.a.dialPeer(pair.b.localPeer), 'the dial ends')
      if (side === 'a') await assert.rejects(dialling)
      else await dialling.catch(() => {}) // the dialler may have it for a moment, until it is taken away
      await until(() => pair.a.conns().length + pair.b.conns().length === 0, 'nobody has a connection')
      await sleep(COMPLIANCE_DEFAULTS.quietMs) // the listener may be behind: it has one for a moment, until it hears
      assert.deepEqual([pair.a.conns(), pair.b.conns()], [[], []])
      assert.equal(told, 0, 'nobody was told')
    }, () => ({ [side]: { connectionGater } }))
  }))
]
