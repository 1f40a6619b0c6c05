import { wrap } from 'micro-packed'
import type { Encoding } from './encoding.ts'
import { DecodingError } from './errors.ts'

/** An encoding of `T` through another of `Inner`. What `inject` throws is a decoding error. */
export function conv<T, Inner> (inner: Encoding<Inner>, { project, inject }: { project (value: T): Inner, inject (inner: Inner): T }): Encoding<T> {
  return {
    kind: inner.kind,
    endOf: (bytes, pos) => inner.endOf(bytes, pos),
    coder: wrap<T>({
      encodeStream (writer, value) { inner.coder.encodeStream(writer, project(value)) },
      decodeStream (reader) {
        const held = inner.coder.decodeStream(reader)
        try {
          return inject(held)
        } catch (cause) {
          if (DecodingError.is(cause)) throw cause
          throw new DecodingError('exception-raised-in-user-function', cause instanceof Error ? cause.message : String(cause), { cause })
        }
      }
    })
  }
}
