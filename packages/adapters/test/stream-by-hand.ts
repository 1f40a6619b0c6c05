import type { MuxedStream } from '@weir/network'
import type { FromStreamMuxerFactoryInit } from '../src/index.ts'
import { parse, type Parsed, RST, SYN, windowUpdate } from './frames.ts'
import { HandClock, settled } from './hand-clock.ts'
import type { HandConn } from './hand-conn.ts'
import { muxedByHand } from './pair.ts'

export interface StreamByHand {
  readonly hand: HandConn
  readonly stream: MuxedStream
  readonly clock: HandClock
  /** The frames that were sent to the remote, once this turn is over. */
  sent (): Promise<Parsed[]>
  end (): void
}

/** A stream whose remote end speaks frames by hand. @param first - what opens it */
export async function streamByHand (first: Buffer = windowUpdate(1, 0, SYN), init: FromStreamMuxerFactoryInit = {}): Promise<StreamByHand> {
  const clock = new HandClock()
  const { hand, conn } = muxedByHand({ clock, ...init })
  hand.feed(first)
  const stream = await conn.acceptStream()
  await settled()
  return {
    hand,
    stream,
    clock,
    sent: async () => {
      await settled()
      return parse(hand.bytes)
    },
    end: () => { conn.abort(new Error('done')) }
  }
}

export const hasFlag = (frame: Parsed | undefined, flag: number): boolean => frame !== undefined && (frame.flags & flag) !== 0

/** Payload bytes in frames. */
export const dataBytes = (frames: Parsed[]): number => frames.reduce((sum, { type, length }) => type === 0 ? sum + length : sum, 0)

/** Window bytes granted in frames. */
export const granted = (frames: Parsed[]): number => frames.reduce((sum, { type, length, flags }) => type === 1 && (flags & RST) === 0 ? sum + length : sum, 0)
