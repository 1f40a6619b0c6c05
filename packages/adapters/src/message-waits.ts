import type { AbortOptions, MessageStream, MessageStreamReadStatus, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { ConnClosedError } from '@weir/network'
import type { Uint8ArrayList } from 'uint8arraylist'

/**
 * Resolves when a js message stream takes more again; at once when it does now. The `onDrain` of js-libp2p's own classes
 * works only once.
 *
 * @throws what closed the stream, or the signal's reason
 */
export function nextDrain (stream: MessageStream, { signal }: AbortOptions = {}): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(signal.reason)
  if (!stream.writableNeedsDrain) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      stream.removeEventListener('drain', onDrain)
      stream.removeEventListener('close', onClose)
      signal?.removeEventListener('abort', onAbort)
    }
    const onDrain = (): void => { leave(); resolve() }
    const onClose = (event: StreamCloseEvent): void => { leave(); reject(event.error ?? new ConnClosedError({ remote: event.local !== true })) }
    const onAbort = (): void => { leave(); reject(signal?.reason) }
    stream.addEventListener('drain', onDrain)
    stream.addEventListener('close', onClose)
    signal?.addEventListener('abort', onAbort)
  })
}

/**
 * The messages of a js stream one after another, with backpressure: the stream is paused while its consumer is busy. That
 * of js-libp2p's own classes takes whatever comes, and ends before the bytes that share a frame with the end.
 */
export async function * messagesOf (stream: MessageStream & { readonly readStatus: MessageStreamReadStatus }): AsyncGenerator<Uint8Array | Uint8ArrayList, void, undefined> {
  if (stream.readableEnded) return
  const queue: (Uint8Array | Uint8ArrayList)[] = []
  let ended = false
  let error: Error | undefined
  let wake = (): void => {}
  const onMessage = (event: StreamMessageEvent): void => {
    queue.push(event.data)
    if (stream.readStatus === 'readable') stream.pause()
    wake()
  }
  const onEnd = (): void => {
    queueMicrotask(() => {
      ended = true
      wake()
    })
  }
  const onClose = (event: StreamCloseEvent): void => {
    error ??= event.error
    onEnd()
  }
  stream.addEventListener('close', onClose)
  stream.addEventListener('end', onEnd)
  stream.addEventListener('message', onMessage)
  try {
    while (true) {
      const chunk = queue.shift()
      if (chunk !== undefined) {
        yield chunk
      } else if (stream.readStatus === 'paused') {
        stream.resume()
      } else if (ended) {
        if (error !== undefined) throw error
        return
      } else {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
    }
  } finally {
    stream.removeEventListener('message', onMessage)
    stream.removeEventListener('end', onEnd)
    stream.removeEventListener('close', onClose)
    if (queue.length === 0 && stream.readStatus === 'paused') stream.resume()
  }
}
