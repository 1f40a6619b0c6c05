import type { ProtocolID } from '@weir/network'
import { LIST_PROTOCOLS, MULTISTREAM_HEADER, NOT_AVAILABLE } from './wire-words.ts'

const RESERVED: readonly string[] = [MULTISTREAM_HEADER, NOT_AVAILABLE, LIST_PROTOCOLS]

/**
 * Holds local mistakes back from the wire: a protocol that could not be told from an answer, or not be sent.
 *
 * @throws {RangeError} naming the protocol
 */
export function checkProtocols (protocols: readonly ProtocolID[], maxMessageBytes: number): void {
  if (protocols.length === 0) throw new RangeError('give at least one protocol')
  for (const protocol of protocols) {
    if (protocol === '' || protocol.includes('\n') || !protocol.isWellFormed()) throw new RangeError(`a protocol is text of one line, got ${JSON.stringify(protocol)}`)
    if (RESERVED.includes(protocol)) throw new RangeError(`${protocol} is a word of the negotiation and no protocol`)
    // UTF-8 takes at most three bytes for each unit of a string: most need no exact count.
    if (protocol.length * 3 >= maxMessageBytes && Buffer.byteLength(protocol) >= maxMessageBytes) {
      throw new RangeError(`the protocol ${protocol.slice(0, 32)}... is longer than a message may be (${maxMessageBytes} bytes with its newline)`)
    }
  }
}
