import assert from 'node:assert/strict'
import { CHECKS, type Running } from '../src/checks.ts'
import { buildGoPeer, isGoInstalled } from '../src/go-toolchain.ts'
import { installOutside } from '../src/outside-install.ts'
import { PAIRINGS, type Pairing } from '../src/pairings.ts'
import { haveCodes, PEER_NAMES, type PeerKind } from '../src/peers.ts'
import { newPreSharedKey } from '../src/pre-shared-key.ts'
import { startPair } from '../src/start-pair.ts'

const PREPARE_WITHIN_MS = 15 * 60_000

const hasGo = isGoInstalled()
let goBinary = ''

function uses (kind: PeerKind, { a, b }: Pairing): boolean {
  return a === kind || b === kind
}

/** A test per check: `a` dials `b`, in two fresh processes, so that neither knows the other from before. */
function describeDirection (dialer: PeerKind, listener: PeerKind, pnet: boolean): void {
  describe(`${PEER_NAMES[dialer]} dials ${PEER_NAMES[listener]}`, () => {
    const psk = pnet ? newPreSharedKey() : undefined
    let running: Running

    before('start both', async () => {
      running = await startPair({ dialer, listener, goBinary: () => goBinary, dialerPsk: psk, listenerPsk: psk })
    })

    for (const check of CHECKS) {
      if (check.codes === true && !haveCodes(dialer, listener)) continue
      it(check.name, async () => { await check.run(running) })
    }

    it('clean end', async () => {
      assert.deepEqual(await Promise.all([running.dialer.end(), running.listener.end()]), [0, 0])
    })

    if (pnet) {
      it('other key refused', async () => {
        for (const dialerPsk of [newPreSharedKey(), undefined]) {
          const strangers = await startPair({ dialer, listener, goBinary: () => goBinary, dialerPsk, listenerPsk: psk })
          try {
            await assert.rejects(strangers.dialer.ask('connect', { addr: strangers.listenerIs.addrs[0] }))
            assert.equal((await strangers.listener.ask<{ count: number }>('conns')).count, 0)
          } finally {
            assert.deepEqual(await Promise.all([strangers.dialer.end(), strangers.listener.end()]), [0, 0])
          }
        }
      })
    }

    after('end both', async () => {
      await Promise.all([running?.dialer.end(), running?.listener.end()])
    })
  })
}

describe('interop', () => {
  before('install and build the peers', function () {
    this.timeout(PREPARE_WITHIN_MS)
    installOutside('chainsafe')
    if (hasGo) goBinary = buildGoPeer()
  })

  for (const pairing of PAIRINGS) {
    describe(pairing.pnet ? 'pre-shared key' : 'open', () => {
      before(function () {
        // The reporter prints why.
        if (uses('go', pairing) && !hasGo) this.skip()
      })
      describeDirection(pairing.a, pairing.b, pairing.pnet)
      if (pairing.a !== pairing.b) describeDirection(pairing.b, pairing.a, pairing.pnet)
    })
  }
})
