import type { SecureConn } from '@weir/network'

/** A connection that a test plays the other end of. */
export interface HandConn extends SecureConn {
  /** What was written to it, in its order. */
  readonly written: Uint8Array[]
  /** The bytes of it all. */
  writtenBytes (): number
  /** How it was ended, undefined while it is open. */
  ended (): { readonly how: 'close' } | { readonly how: 'abort', readonly cause: Error } | undefined
  /** Lets bytes arrive, or the end of all. */
  arrive (bytes: Uint8Array | undefined): void
  /** Whether it takes what is written without saying to wait. */
  setFull (isFull: boolean): void
}

/** Makes one, for tests of what stands on connections. */
export function handConn (): HandConn {
  const written: Uint8Array[] = []
  const inbox: Array<Uint8Array | undefined> = []
  let reading: PromiseWithResolvers<Uint8Array | undefined> | undefined
  let draining: PromiseWithResolvers<void> | undefined
  let isFull = false
  let ended: ReturnType<HandConn['ended']>
  const end = (how: NonNullable<typeof ended>): void => {
    if (ended !== undefined) return
    ended = how
    const cause = how.how === 'abort' ? how.cause : new Error('closed')
    reading?.reject(cause)
    draining?.reject(cause)
    reading = draining = undefined
  }
  const failWhenEnded = (): void => {
    if (ended !== undefined) throw ended.how === 'abort' ? ended.cause : new Error('closed')
  }
  return {
    written,
    writtenBytes: () => written.reduce((sum, { length }) => sum + length, 0),
    ended: () => ended,
    arrive (bytes) {
      if (reading === undefined) inbox.push(bytes)
      else reading.resolve(bytes)
      reading = undefined
    },
    setFull (full) {
      isFull = full
      if (full) return
      draining?.resolve()
      draining = undefined
    },
    async read () {
      failWhenEnded()
      if (inbox.length > 0) return inbox.shift()
      reading = Promise.withResolvers()
      return await reading.promise
    },
    write (data) {
      if (ended === undefined) written.push(data instanceof Uint8Array ? data : data.subarray())
      return !isFull
    },
    async drained () {
      failWhenEnded()
      if (!isFull) return
      draining ??= Promise.withResolvers()
      await draining.promise
    },
    async close () { end({ how: 'close' }) },
    abort (cause) { end({ how: 'abort', cause }) }
  }
}
