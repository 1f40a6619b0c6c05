import type { Case } from '../case.ts'
import { NetworkPair, type PairParts } from './network-pair.ts'
import type { NetworkSubject } from './network-subject.ts'

export type NetworkCase = Case<NetworkSubject>

/**
 * A case on two networks. At its end they are closed, and every scope must have ended.
 *
 * @param parts - makes what answers their doubles, for this one run
 */
export function pairCase (name: string, run: (pair: NetworkPair) => Promise<void>, parts?: () => PairParts): NetworkCase {
  return {
    name,
    async run (subject) {
      await using undo = new AsyncDisposableStack()
      const pair = await NetworkPair.open(subject, parts?.())
      undo.defer(async () => { await pair.close() })
      await run(pair)
      await undo.disposeAsync()
      await pair.assertAllEnded()
    }
  }
}

/** The cases of a trait, each on something that it finds in a pair. */
export function onPair<Found> (cases: readonly Case<Found>[], prefix: string, find: (pair: NetworkPair) => Promise<Found>): NetworkCase[] {
  return cases.map(({ name, run }) => pairCase(`${prefix}: ${name}`, async pair => { await run(await find(pair)) }))
}
