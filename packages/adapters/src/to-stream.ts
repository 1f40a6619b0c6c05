import type { Logger, Stream as JsStream } from '@libp2p/interface'
import type { Stream } from '@weir/network'
import { MuxedJsStream } from './muxed-js-stream.ts'
import { checkOptions } from './options.ts'

export interface ToStreamInit {
  readonly log: Logger
}

/**
 * A `Stream` as a js-libp2p stream. It is the stream's one reader and owns it: when both halves have ended, here and
 * there, it closes the stream, and with it the stream's scope.
 *
 * It reads only while it is not paused and somebody listens; without a listener it reads 64 KiB ahead, to see the remote's
 * end, from the turn after this one on. `send` returns false while 262,144 bytes, or 512 messages, are not taken under the remote's
 * window, and 'drain' follows; what is sent then is joined. Unlike those of js-libp2p, `onDrain` works every time, and `for await`
 * has backpressure and loses nothing. After `close` and `closeRead` it is closed at once, without waiting for the remote.
 */
export function toStream (stream: Stream, init: ToStreamInit): JsStream {
  checkOptions('toStream', init, {}, ['log'])
  return new MuxedJsStream(stream, {
    id: stream.id,
    protocol: stream.protocol ?? '',
    direction: stream.stat().direction === 'inbound' ? 'inbound' : 'outbound',
    log: init.log
  })
}
