import { wrap } from 'micro-packed'
import { endOfSized, readSized } from './bytes.ts'
import { decode, type Encoding, encode } from './encoding.ts'
import { DecodingError, EncodingError } from './errors.ts'
import { MAX_UINT30, uint30 } from './numbers.ts'

/** A value with the number of its bytes in front; it must be exactly as large. */
export function dynamicSize<T> (inner: Encoding<T>): Encoding<T> {
  return {
    kind: 'dynamic',
    endOf: (bytes, pos) => endOfSized(bytes, pos, 'a value', MAX_UINT30),
    coder: wrap<T>({
      encodeStream (writer, value) {
        const body = encode(inner, value)
        uint30.coder.encodeStream(writer, body.length)
        writer.bytes(body)
      },
      decodeStream: reader => decode(inner, readSized(reader))
    })
  }
}

/** A value of at most so many bytes, its own length included. One that is larger is refused when its length is read. */
export function checkSize<T> (inner: Encoding<T>, maxBytes: number): Encoding<T> {
  const check = (size: number): void => {
    if (size > maxBytes) throw new DecodingError('size-limit-exceeded', `${size} bytes, at most ${maxBytes} are allowed`)
  }
  return {
    kind: inner.kind,
    endOf (bytes, pos) {
      const end = inner.endOf(bytes, pos)
      check(end - pos)
      return end
    },
    coder: wrap<T>({
      encodeStream (writer, value) {
        const encoded = encode(inner, value)
        if (encoded.length > maxBytes) throw new EncodingError(`${encoded.length} bytes, at most ${maxBytes} are allowed`)
        writer.bytes(encoded)
      },
      decodeStream (reader) {
        check(inner.endOf(reader.bytes(reader.leftBytes, true), 0)) // before anything is made of it
        return inner.coder.decodeStream(reader)
      }
    })
  }
}
