import { muxedStreamCases } from '../muxed-stream/muxed-stream-cases.ts'
import { admissionCases } from './admission-cases.ts'
import { closeCases } from './close-cases.ts'
import { dialCases } from './dial-cases.ts'
import { listenCases } from './listen-cases.ts'
import { notificationCases } from './notification-cases.ts'
import { type NetworkCase, pairCase } from './pair-case.ts'
import { streamCases } from './stream-cases.ts'
import { streamEndCases } from './stream-end-cases.ts'

/**
 * What every `Network` must do, with its connections and streams. Each case makes two, of which one listens and the other knows
 * where; at its end both are closed, and every scope that was opened must have ended.
 *
 * No capabilities: a network does all of it.
 */
export const networkCases: readonly NetworkCase[] = [
  ...dialCases,
  ...listenCases,
  ...notificationCases,
  ...streamCases,
  ...muxedStreamCases.map(({ name, run }) => pairCase(name, async pair => { await run(pair) })),
  ...streamEndCases,
  ...closeCases,
  ...admissionCases
]
