import { Duplex } from 'node:stream'
import type { MuxedStream } from '@weir/network'
import { HalfEnds } from './half-ends.ts'

/**
 * A stream as a Node `Duplex`. It is the stream's one reader and writer, and owns it: when both halves have ended it closes the
 * stream, and with it the stream's scope.
 *
 * Nothing is read ahead, so a reader that sleeps stops the remote after its window. `write` returns false, and 'drain' follows when the bytes are taken
 * under the remote's window; who writes on all the same makes the Duplex keep the bytes. `end` sends the end and goes on reading. `destroy` before both
 * halves have ended resets the stream, with an error it aborts it. An error without a listener ends no process: it stands in `errored`.
 */
export function toDuplex (stream: MuxedStream): Duplex {
  const ends = new HalfEnds(stream)
  const duplex = new Duplex({
    readableHighWaterMark: 0,
    writableHighWaterMark: 0,
    read () {
      void pull()
    },
    write (chunk: Buffer, _encoding, callback) {
      settle(stream.write(chunk), callback)
    },
    final (callback) {
      settle(stream.closeWrite().then(() => ends.ended()), callback)
    },
    destroy (error, callback) {
      if (error !== null) stream.abort(error)
      else if (!ends.both) stream.reset()
      callback(error)
    }
  })
  const pull = async (): Promise<void> => {
    try {
      const chunk = await stream.read()
      duplex.push(chunk ?? null)
      if (chunk === undefined) await ends.ended()
    } catch (error) {
      if (!duplex.destroyed) duplex.destroy(error as Error)
    }
  }
  return duplex.on('error', () => {}) // a remote that resets must not end the process of who forgot to listen
}

function settle (done: Promise<void>, callback: (error?: Error | null) => void): void {
  done.then(() => { callback() }, callback)
}
