import { type CoderType, I16BE, I32BE, I64BE, U16BE, U8, wrap } from 'micro-packed'
import type { Encoding } from './encoding.ts'
import { DecodingError, EncodingError } from './errors.ts'

/** An encoding of a coder that always takes the same number of bytes. */
export function fixedSize<T> (coder: CoderType<T>, sizeBytes: number): Encoding<T> {
  return { coder, kind: 'fixed', endOf: (_bytes, pos) => pos + sizeBytes }
}

/** The largest length that a header can say. */
export const MAX_UINT30: number = 2 ** 30 - 1
const MIN_INT31 = -(2 ** 30)

function inRange (coder: CoderType<number>, min: number, max: number): CoderType<number> {
  return wrap<number>({
    size: 4,
    encodeStream (writer, value) {
      if (!Number.isSafeInteger(value) || value < min || value > max) throw new EncodingError(`${value} is no whole number from ${min} to ${max}`)
      coder.encodeStream(writer, value)
    },
    decodeStream (reader) {
      const value = coder.decodeStream(reader)
      if (value < min || value > max) throw new DecodingError('invalid-int', `${value} is not from ${min} to ${max}`)
      return value
    }
  })
}

/** Reads the length at `pos`, or gives `undefined` when it is not all there. @throws {DecodingError} */
export function lengthAt (bytes: Uint8Array, pos: number): number | undefined {
  if (pos + 4 > bytes.length) return undefined
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(pos, pos + 4)
  const length = a * 0x1000000 + (b << 16) + (c << 8) + d
  if (length > MAX_UINT30) throw new DecodingError('invalid-int', `a length of 0x${length.toString(16)} bytes`)
  return length
}

export const uint8: Encoding<number> = fixedSize(U8, 1)
export const uint16: Encoding<number> = fixedSize(U16BE, 2)
export const int16: Encoding<number> = fixedSize(I16BE, 2)
export const uint30: Encoding<number> = fixedSize(inRange(I32BE, 0, MAX_UINT30), 4)
export const int31: Encoding<number> = fixedSize(inRange(I32BE, MIN_INT31, MAX_UINT30), 4)
export const int32: Encoding<number> = fixedSize(I32BE, 4)
export const int64: Encoding<bigint> = fixedSize(I64BE, 8)

/** Any byte but 0 is true; true is written as 0xff. */
export const bool: Encoding<boolean> = fixedSize(wrap<boolean>({
  size: 1,
  encodeStream (writer, value) { writer.byte(value ? 0xff : 0) },
  decodeStream: reader => reader.byte() !== 0
}), 1)

/** One of some words, by its place in the list. */
export function stringEnum<const Word extends string> (words: readonly Word[]): Encoding<Word> {
  if (words.length === 0 || words.length > 256) throw new RangeError(`1 to 256 words, got ${words.length}`)
  const word = (index: number): Word => {
    const found = words[index]
    if (found === undefined) throw new DecodingError('unexpected-tag', `word ${index} of ${words.length}`)
    return found
  }
  return fixedSize(wrap<Word>({
    size: 1,
    encodeStream (writer, value) {
      const index = words.indexOf(value)
      if (index < 0) throw new EncodingError(`${value} is none of ${words.join(', ')}`)
      writer.byte(index)
    },
    decodeStream: reader => word(reader.byte())
  }), 1)
}

/** What takes no bytes. */
export const empty: Encoding<undefined> = fixedSize(wrap<undefined>({ size: 0, encodeStream () {}, decodeStream: () => undefined }), 0)
