import { muxedStreamCases } from '../muxed-stream/muxed-stream-cases.ts'
import { codeCases } from './code-cases.ts'
import { type MultiplexerCase, muxedCase } from './muxed-case.ts'
import { muxedConnCases } from './muxed-conn-cases.ts'
import { reservationCases } from './reservation-cases.ts'

/**
 * What every `Multiplexer` must do, with its connections and streams. Each case makes both ends of a connection in memory; at its
 * end both are closed, and the scopes of the peers must hold nothing.
 */
export const multiplexerCases: readonly MultiplexerCase[] = [
  ...muxedConnCases,
  ...muxedStreamCases.map(({ name, run }) => muxedCase(name, async pair => { await run(pair) })),
  ...codeCases,
  ...reservationCases
]
