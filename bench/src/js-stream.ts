import type { Stream } from '@libp2p/interface'

/** Resolves when a stream of js-libp2p takes more. */
export async function drained (stream: Stream): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const closed = (): void => { reject(new Error('the stream was closed')) }
  stream.addEventListener('drain', () => { resolve() }, { once: true })
  stream.addEventListener('close', closed, { once: true })
  await promise
  stream.removeEventListener('close', closed)
}

/** Both ends of a stream's life: resolves when the remote has ended its writing. */
export function remoteEnd (stream: Stream): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  if (stream.remoteWriteStatus === 'closed') resolve()
  stream.addEventListener('remoteCloseWrite', () => { resolve() })
  stream.addEventListener('close', event => { event.error === undefined ? resolve() : reject(event.error) })
  return promise
}

/** Resolves with the next so many bytes. */
export function take (stream: Stream, bytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let got: Buffer = Buffer.alloc(0)
  stream.addEventListener('message', ({ data }) => {
    got = Buffer.concat([got, data.subarray()])
    if (got.byteLength >= bytes) resolve(got)
  })
  stream.addEventListener('close', event => { reject(event.error ?? new Error('the stream was closed')) })
  return promise
}
