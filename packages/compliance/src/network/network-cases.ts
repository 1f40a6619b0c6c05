import { admissionCases } from './admission-cases.ts'
import { closeCases } from './close-cases.ts'
import { dialCases } from './dial-cases.ts'
import { listenCases } from './listen-cases.ts'
import { notificationCases } from './notification-cases.ts'
import type { NetworkCase } from './pair-case.ts'
import { streamCases } from './stream-cases.ts'
import { streamEndCases } from './stream-end-cases.ts'
import { streamReadCases } from './stream-read-cases.ts'

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
  ...streamReadCases,
  ...streamEndCases,
  ...closeCases,
  ...admissionCases
]
