import { type MuxedStream, StreamReadClosedError } from '@weir/network'
import { HalfEnds } from './half-ends.ts'

/** A pair of Web Streams, as `pipeThrough` takes it. */
export interface WebStreams {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

/**
 * A stream as a pair of Web Streams. They are its one reader and writer and own it: when both have ended it is closed, and with it its scope.
 *
 * Nothing is read ahead, so a reader that sleeps stops the remote after its window. `ready` waits until the bytes of the write before
 * are taken under the remote's window. Closing the writable sends the end and cancelling the readable closes the reading side; the other half
 * goes on. Aborting the writable, or an error of either half, aborts the stream, and the other half with it.
 */
export function toWebStreams (stream: MuxedStream): WebStreams {
  const ends = new HalfEnds(stream)
  let reading: ReadableStreamDefaultController<Uint8Array> | undefined
  let writing: WritableStreamDefaultController | undefined
  const fail = (error: unknown): void => {
    stream.abort(asError(error))
    reading?.error(error)
    writing?.error(error)
  }

  const readable = new ReadableStream<Uint8Array>({
    start (controller) { reading = controller },
    async pull (controller) {
      try {
        const chunk = await stream.read()
        if (chunk !== undefined) {
          controller.enqueue(chunk)
          return
        }
        controller.close()
        await ends.ended()
      } catch (error) {
        if (!StreamReadClosedError.is(error)) fail(error) // by `cancel`
      }
    },
    async cancel () {
      await stream.closeRead()
      await ends.ended()
    }
  }, { highWaterMark: 0 })

  const writable = new WritableStream<Uint8Array>({
    start (controller) { writing = controller },
    async write (chunk, controller) {
      try {
        await stream.write(chunk, { signal: controller.signal })
      } catch (error) {
        fail(error)
        throw error
      }
    },
    async close () {
      try {
        await stream.closeWrite()
        await ends.ended()
      } catch (error) {
        fail(error)
        throw error
      }
    },
    abort: fail
  })
  return { readable, writable }
}

function asError (cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(`aborted: ${String(cause)}`, { cause })
}
