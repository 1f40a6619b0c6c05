import { yamux as jsYamux } from '@libp2p/yamux'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { yamux } from '@weir/yamux'
import { jsSide } from './js-side.ts'
import { muxedSide } from './muxed-side.ts'
import type { MuxerSide } from './muxer-side.ts'

/** Above what a row has open at once, or has just ended: limits on streams would be measured otherwise. */
const MANY = 100_000

const stock = jsYamux({ maxInboundStreams: MANY, maxOutboundStreams: MANY, maxEarlyStreams: MANY })

/** What is measured: ours, the stock one as stock js-libp2p uses it, and the stock one as our swarm would. */
export const SIDES: Readonly<Record<SideId, { readonly name: string, readonly side: MuxerSide }>> = Object.freeze({
  weir: { name: '@weir/yamux', side: muxedSide(yamux({ maxIncomingStreams: MANY })) },
  js: { name: '@libp2p/yamux', side: jsSide(stock()) },
  adapted: { name: '@libp2p/yamux in our adapter', side: muxedSide(fromStreamMuxerFactory(stock(), { maxAcceptQueue: MANY, maxTrackedStreams: MANY })) }
})

export type SideId = 'weir' | 'js' | 'adapted'
