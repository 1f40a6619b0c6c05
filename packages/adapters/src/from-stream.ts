import type { Stream as JsStream } from '@libp2p/interface'
import { type Clock, type MuxedStream, systemClock } from '@weir/network'
import { DeadlineTimer } from './deadline-timer.ts'
import { ADAPTERS_DEFAULTS } from './defaults.ts'
import { connClosed } from './ended-error.ts'
import { JsMuxedStream } from './js-muxed-stream.ts'
import { checkOptions, pick } from './options.ts'
import { WriteTurns } from './write-turns.ts'

export interface FromStreamInit {
  readonly clock?: Clock | undefined
  /** Unread bytes above which the stream is paused. */
  readonly maxReadBufferBytes?: number | undefined
  /** The largest piece that the muxer is given at once. */
  readonly maxWriteChunkBytes?: number | undefined
  /** How long sending the end may take, and `asyncDispose`, before the stream is reset. */
  readonly closeTimeoutMs?: number | undefined
  /** How long after `close` the remote may keep its side open before the stream is reset. */
  readonly streamCloseTimeoutMs?: number | undefined
}

const DEFAULTS = pick(ADAPTERS_DEFAULTS, 'maxReadBufferBytes', 'maxWriteChunkBytes', 'closeTimeoutMs', 'streamCloseTimeoutMs')

/**
 * A js-libp2p stream as a `MuxedStream`: it takes the stream's messages from now on, and owns the stream.
 *
 * What is not read pauses the stream, so that a reader that sleeps stops the sender after about one window. Several
 * writes at once are done in the order of their calls. Leaving a `for await` early closes the reading side; reaching the
 * end leaves the writing side open. Reset codes reach the remote only where the js muxer can carry them; js yamux cannot.
 *
 * It has a timer of its own. The streams of `fromStreamMuxerFactory` share one per connection.
 */
export function fromStream (stream: JsStream, init: FromStreamInit = {}): MuxedStream {
  const limits = checkOptions('fromStream', init, DEFAULTS, ['clock'])
  const clock = init.clock ?? systemClock
  return new JsMuxedStream(stream, {
    ...limits,
    clock,
    timer: new DeadlineTimer(clock),
    turns: new WriteTurns(stream),
    connError: () => connClosed(undefined, true),
    isEnding: () => false,
    resetCode: () => 0,
    ended () {}
  })
}
