import type { MessageStream, SecuredConnection } from '@libp2p/interface'
import { fromMessageStream } from '@weir/adapters'
import { handle, select } from '@weir/multistream'
import type { Multiplexer, SecureConn } from '@weir/network'
import { negotiable, releaseWith } from './negotiable.ts'

/** The muxer that both sides agreed on, and the connection it works on. */
export interface MuxerChoice {
  readonly muxer: Multiplexer
  readonly conn: SecureConn
  /** Whether the security handshake carried the choice. */
  readonly early: boolean
}

/**
 * Agrees on a muxer: from the lists that the security handshake carried, or else with a round trip of its own.
 *
 * @throws {TypeError} when the remote chose a muxer that was not on offer
 */
export async function negotiateMuxer (secured: SecuredConnection, muxers: readonly Multiplexer[], isClient: boolean, signal: AbortSignal): Promise<MuxerChoice> {
  const early = earlyMuxer(secured, muxers, isClient)
  if (early !== undefined) return { muxer: early, conn: fromMessageStream(secured.connection), early: true }
  const conn = fromMessageStream(secured.connection)
  const names = muxers.map(muxer => muxer.protocol)
  const { protocol, rest } = await (isClient ? select : handle)(negotiable(conn), names, { signal })
  const muxer = muxers.find(muxer => muxer.protocol === protocol)
  if (muxer === undefined) throw new TypeError(`the muxer ${protocol} was not on offer`)
  const stream: MessageStream = releaseWith(conn, rest)
  return { muxer, conn: fromMessageStream(stream), early: false }
}

// js-libp2p takes the first of the remote's list on either side, so that two sides with different orders disagree:
// like Go we take the initiator's order on both.
function earlyMuxer (secured: SecuredConnection, muxers: readonly Multiplexer[], isClient: boolean): Multiplexer | undefined {
  const offered = (secured.remoteExtensions as { streamMuxers?: unknown } | undefined)?.streamMuxers
  if (!Array.isArray(offered) || offered.length === 0) return muxers.find(muxer => muxer.protocol === secured.streamMuxer?.protocol)
  if (isClient) return muxers.find(muxer => offered.includes(muxer.protocol))
  for (const protocol of offered) {
    const muxer = muxers.find(muxer => muxer.protocol === protocol)
    if (muxer !== undefined) return muxer
  }
  return undefined
}
