import type { Case } from '../case.ts'
import { MuxedPair, type MuxedPairInit } from './muxed-pair.ts'
import type { MultiplexerCapability, MultiplexerSubject } from './multiplexer-subject.ts'

export type MultiplexerCase = Case<MultiplexerSubject, MultiplexerCapability>

export interface MuxedCaseInit extends MuxedPairInit {
  readonly needs?: readonly MultiplexerCapability[] | undefined
}

/** A case on two ends of one connection. At its end both are closed, and all must have been given back. */
export function muxedCase (name: string, run: (pair: MuxedPair) => Promise<void>, { needs, ...init }: MuxedCaseInit = {}): MultiplexerCase {
  return {
    name,
    needs,
    async run (subject) {
      await using undo = new AsyncDisposableStack()
      const pair = await MuxedPair.open(subject, init)
      undo.defer(async () => { await pair.close() })
      await run(pair)
      await undo.disposeAsync()
      await pair.assertAllGivenBack()
    }
  }
}

/** The cases of a trait, each on something that it finds in a pair. */
export function onMuxedPair<Found> (cases: readonly Case<Found>[], prefix: string, find: (pair: MuxedPair) => Found | Promise<Found>): MultiplexerCase[] {
  return cases.map(({ name, run }) => muxedCase(`${prefix}: ${name}`, async pair => { await run(await find(pair)) }))
}
