import { wrap } from 'micro-packed'
import type { Encoding } from './encoding.ts'
import { bool, empty } from './numbers.ts'
import { union, unionCase } from './union.ts'

/** A value or none, told by a tag: 1 and 0. */
export function option<T> (inner: Encoding<T>): Encoding<T | undefined> {
  return union<T | undefined>([
    unionCase<T | undefined, T>({ tag: 1, encoding: inner, project: value => value === undefined ? undefined : { inner: value }, inject: value => value }),
    unionCase<T | undefined, undefined>({ tag: 0, encoding: empty, project: value => value === undefined ? { inner: undefined } : undefined, inject: () => undefined })
  ])
}

/** A field that may be missing, told by a boolean in front. */
export function optional<T> (inner: Encoding<T>): Encoding<T | undefined> {
  return {
    kind: inner.kind === 'variable' ? 'variable' : 'dynamic',
    endOf: (bytes, pos) => pos < bytes.length && bytes[pos] !== 0 ? inner.endOf(bytes, pos + 1) : pos + 1,
    coder: wrap<T | undefined>({
      encodeStream (writer, value) {
        bool.coder.encodeStream(writer, value !== undefined)
        if (value !== undefined) inner.coder.encodeStream(writer, value)
      },
      decodeStream: reader => bool.coder.decodeStream(reader) ? inner.coder.decodeStream(reader) : undefined
    })
  }
}
