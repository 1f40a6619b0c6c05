import type { StreamMessageEvent } from '@libp2p/interface'

/**
 * The `Uint8ArrayList` of the package `uint8arraylist`: several buffers read as one, without copying.
 *
 * Named through `@libp2p/interface`, so that this package needs the types of no third one and everybody who passes
 * bytes between the two agrees on the class.
 */
export type Uint8ArrayList = Exclude<StreamMessageEvent['data'], Uint8Array>
