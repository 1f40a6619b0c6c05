import { addrCases } from './addr-cases.ts'
import { boundCases } from './bound-cases.ts'
import { factCases } from './fact-cases.ts'
import type { PeerstoreCase } from './store-case.ts'
import { strangerCases } from './stranger-cases.ts'

/**
 * What every `Peerstore` must do. Each case makes a store on a manual clock, closes it, and sees that no timer is left.
 *
 * Capabilities: `enforces`, it remembers (the Null does not); `bounded`, it keeps to `maxPeers` and `maxAddrsPerPeer`; `keys`, it
 * keeps public keys, for which the subject gives some.
 */
export const peerstoreCases: readonly PeerstoreCase[] = [...strangerCases, ...addrCases, ...factCases, ...boundCases]
