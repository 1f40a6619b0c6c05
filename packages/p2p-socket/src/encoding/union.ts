import { wrap } from 'micro-packed'
import type { Encoding } from './encoding.ts'
import { DecodingError, EncodingError } from './errors.ts'
import { uint16, uint8 } from './numbers.ts'

/** One case of a union whose values are `T`, held on the wire as `Inner`. */
export interface UnionCase<T, Inner> {
  readonly tag: number
  readonly encoding: Encoding<Inner>
  /** What goes on the wire, or undefined when the value is of another case. */
  project (value: T): { readonly inner: Inner } | undefined
  inject (inner: Inner): T
}

// The cases of a union differ in what they hold, and each is used with its own only.
type AnyCase<T> = UnionCase<T, never>

/** Types a case, so that cases of several kinds go into one list. */
export function unionCase<T, Inner> (each: UnionCase<T, Inner>): AnyCase<T> {
  return each as unknown as AnyCase<T>
}

/** One of several cases, told apart by a tag in front. */
export function union<T> (cases: readonly AnyCase<T>[], { tagSize = 'uint8' }: { readonly tagSize?: 'uint8' | 'uint16' } = {}): Encoding<T> {
  const byTag = new Map(cases.map(each => [each.tag, each]))
  if (byTag.size !== cases.length) throw new TypeError('two cases of a union have the same tag')
  const [tagEncoding, tagBytes] = tagSize === 'uint8' ? [uint8, 1] : [uint16, 2]
  const caseOf = (tag: number): AnyCase<T> => {
    const found = byTag.get(tag)
    if (found === undefined) throw new DecodingError('unexpected-tag', `0x${tag.toString(16)}`)
    return found
  }
  return {
    kind: cases.some(({ encoding }) => encoding.kind === 'variable') ? 'variable' : 'dynamic',
    endOf (bytes, pos) {
      if (pos + tagBytes > bytes.length) return pos + tagBytes
      const [a = 0, b = 0] = bytes.subarray(pos, pos + tagBytes)
      return caseOf(tagBytes === 1 ? a : a << 8 | b).encoding.endOf(bytes, pos + tagBytes)
    },
    coder: wrap<T>({
      encodeStream (writer, value) {
        for (const { tag, encoding, project } of cases) {
          const projected = project(value)
          if (projected === undefined) continue
          tagEncoding.coder.encodeStream(writer, tag)
          encoding.coder.encodeStream(writer, projected.inner)
          return
        }
        throw new EncodingError('no case of the union matches the value')
      },
      decodeStream (reader) {
        if (reader.leftBytes < tagBytes) throw new DecodingError('not-enough-data', 'a union without its tag')
        const { encoding, inject } = caseOf(tagEncoding.coder.decodeStream(reader))
        return inject(encoding.coder.decodeStream(reader))
      }
    })
  }
}
