import { wrap, type Reader } from 'micro-packed'
import type { Encoding } from './encoding.ts'
import { DecodingError, EncodingError } from './errors.ts'
import { fixedSize, lengthAt, MAX_UINT30, uint30 } from './numbers.ts'

/** Memory of its own, unless what it lies in is hardly larger: then nobody else needs that. */
function owned (view: Uint8Array): Uint8Array {
  return 2 * view.length > view.buffer.byteLength ? view : new Uint8Array(view)
}

/** Takes a length and as many bytes, which must be there. */
export function readSized (reader: Reader): Uint8Array {
  const length = uint30.coder.decodeStream(reader)
  if (length > reader.leftBytes) throw new DecodingError('not-enough-data', `${reader.leftBytes} of ${length} bytes`)
  return reader.bytes(length)
}

/** Where what has its length in front ends. */
export function endOfSized (bytes: Uint8Array, pos: number, what: string, maxBytes: number): number {
  const length = lengthAt(bytes, pos)
  if (length === undefined) return pos + 4
  if (length > maxBytes) throw new DecodingError('size-limit-exceeded', `${what} of ${length} bytes, at most ${maxBytes} are allowed`)
  return pos + 4 + length
}

/** As many bytes as said, without a length. A decoded value holds no memory that is much larger than itself. */
export function fixedBytes (lengthBytes: number): Encoding<Uint8Array> {
  return fixedSize(wrap<Uint8Array>({
    size: lengthBytes,
    encodeStream (writer, value) {
      if (value.length !== lengthBytes) throw new EncodingError(`${value.length} bytes where ${lengthBytes} belong`)
      writer.bytes(value)
    },
    decodeStream: reader => owned(reader.bytes(lengthBytes))
  }), lengthBytes)
}

/** Bytes with their length in front. A decoded value holds no memory that is much larger than itself. */
export function bytes ({ maxBytes = MAX_UINT30 }: { readonly maxBytes?: number } = {}): Encoding<Uint8Array> {
  return {
    kind: 'dynamic',
    endOf: (from, pos) => endOfSized(from, pos, 'bytes', maxBytes),
    coder: wrap<Uint8Array>({
      encodeStream (writer, value) {
        if (value.length > maxBytes) throw new EncodingError(`${value.length} bytes, at most ${maxBytes} are allowed`)
        uint30.coder.encodeStream(writer, value.length)
        writer.bytes(value)
      },
      decodeStream: reader => owned(readSized(reader))
    })
  }
}

/** All bytes to the end of what it is in. A decoded value holds no memory that is much larger than itself. */
export const variableBytes: Encoding<Uint8Array> = {
  kind: 'variable',
  endOf: from => from.length,
  coder: wrap<Uint8Array>({
    encodeStream (writer, value) { writer.bytes(value) },
    decodeStream: reader => owned(reader.bytes(reader.leftBytes))
  })
}

/** A string as in OCaml: bytes, one for each character, with their length in front. Characters above 0xff have no place in it. */
export function string ({ maxBytes = MAX_UINT30 }: { readonly maxBytes?: number } = {}): Encoding<string> {
  return {
    kind: 'dynamic',
    endOf: (from, pos) => endOfSized(from, pos, 'a string', maxBytes),
    coder: wrap<string>({
      encodeStream (writer, value) {
        const encoded = Buffer.from(value, 'latin1')
        if (encoded.length > maxBytes) throw new EncodingError(`a string of ${encoded.length} bytes, at most ${maxBytes} are allowed`)
        if (encoded.toString('latin1') !== value) throw new EncodingError('a string with a character above 0xff')
        uint30.coder.encodeStream(writer, encoded.length)
        writer.bytes(encoded)
      },
      decodeStream (reader) {
        const view = readSized(reader)
        return Buffer.from(view.buffer, view.byteOffset, view.length).toString('latin1')
      }
    })
  }
}
