import { type Writer, wrap } from 'micro-packed'
import { endOfSized, readSized } from './bytes.ts'
import { decodeExact, type Encoding, encode } from './encoding.ts'
import { DecodingError, EncodingError } from './errors.ts'
import { MAX_UINT30, uint30 } from './numbers.ts'

export interface ListOptions {
  /** The largest number of elements. */
  readonly maxLength: number
}

function decodeElements<T> (element: Encoding<T>, bytes: Uint8Array, { maxLength }: ListOptions): T[] {
  const elements: T[] = []
  for (let pos = 0; pos < bytes.length;) {
    if (elements.length === maxLength) throw new DecodingError('list-too-long', `more than ${maxLength} elements`)
    const end = element.endOf(bytes, pos)
    if (end > bytes.length) throw new DecodingError('not-enough-data', `element ${elements.length} is cut off`)
    elements.push(decodeExact(element, bytes.subarray(pos, end)))
    pos = end
  }
  return elements
}

function encodeElements<T> (writer: Writer, element: Encoding<T>, elements: readonly T[], { maxLength }: ListOptions): void {
  if (elements.length > maxLength) throw new EncodingError(`${elements.length} elements, at most ${maxLength} are allowed`)
  for (const each of elements) element.coder.encodeStream(writer, each)
}

// An element of no size would make a list of one byte endless.
function checkElement (element: Pick<Encoding<never>, 'kind' | 'endOf'>): void {
  if (element.kind === 'variable') throw new TypeError('the elements of a list must tell their own size')
  if (element.endOf(new Uint8Array(), 0) === 0) throw new TypeError('the elements of a list must not be empty')
}

/** Elements back to back, with the number of their bytes in front. */
export function list<T> (element: Encoding<T>, options: ListOptions): Encoding<T[]> {
  checkElement(element)
  return {
    kind: 'dynamic',
    endOf: (bytes, pos) => endOfSized(bytes, pos, 'a list', MAX_UINT30),
    coder: wrap<T[]>({
      encodeStream (writer, elements) {
        const body = encode(variableList(element, options), elements)
        uint30.coder.encodeStream(writer, body.length)
        writer.bytes(body)
      },
      decodeStream: reader => decodeElements(element, readSized(reader), options)
    })
  }
}

/** Elements to the end of what they are in. */
export function variableList<T> (element: Encoding<T>, options: ListOptions): Encoding<T[]> {
  checkElement(element)
  return {
    kind: 'variable',
    endOf: bytes => bytes.length,
    coder: wrap<T[]>({
      encodeStream (writer, elements) { encodeElements(writer, element, elements, options) },
      decodeStream: reader => decodeElements(element, reader.bytes(reader.leftBytes), options)
    })
  }
}
