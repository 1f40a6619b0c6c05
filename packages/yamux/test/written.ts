import { type Parsed, parse, RST, SYN } from './frames.ts'
import type { HandConn } from './hand-conn.ts'

const short = ({ type, flags, streamId, length }: Parsed): number[] => [type, flags, streamId, length]

/** The frames that were written since the last time, as type, flags, stream and length, without the ping that measures the round trip. */
export function written (hand: HandConn): number[][] {
  const frames = hand.written.splice(0).flatMap(bytes => parse(Buffer.from(bytes)))
  return frames.filter(({ type, flags }) => !(type === 2 && flags === SYN)).map(short)
}

/** The streams that these frames reset. */
export const resets = (frames: number[][]): number[] => frames.filter(([, flags = 0]) => (flags & RST) !== 0).map(([, , streamId = 0]) => streamId)
