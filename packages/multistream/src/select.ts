import type { ProtocolID } from '@weir/network'
import { checkProtocols } from './check-protocols.ts'
import { encodeMessages } from './encode-messages.ts'
import { NegotiationError, ProtocolNotSupportedError } from './errors.ts'
import { MessageReader } from './message-reader.ts'
import type { NegotiableStream } from './negotiable-stream.ts'
import type { Negotiated } from './negotiated.ts'
import { type NegotiationOptions, resolveNegotiationOptions } from './negotiation-options.ts'
import { MULTISTREAM_HEADER, NOT_AVAILABLE } from './wire-words.ts'

const OPTION_KEYS = ['signal', 'maxMessageBytes']

/**
 * Agrees on the first of `protocols` that the remote speaks: the dialer's side.
 *
 * The header and the first proposal go out in one write, so that a remote that speaks it costs one round trip; each refusal
 * costs one more. Does not end the stream, whatever happens.
 *
 * @throws {ProtocolNotSupportedError} when the remote refused them all
 * @throws {NegotiationError} when the remote does not keep to the protocol: reset the stream
 * @throws whatever the stream's read and write throw
 * @see reference/js-libp2p.md 4.1
 */
export async function select (stream: NegotiableStream, protocols: readonly ProtocolID[], options?: NegotiationOptions): Promise<Negotiated> {
  const resolved = resolveNegotiationOptions(options, OPTION_KEYS)
  checkProtocols(protocols, resolved.maxMessageBytes)
  const reader = new MessageReader(stream, resolved)
  let first = true
  for (const protocol of protocols) {
    await stream.write(encodeMessages(first ? [MULTISTREAM_HEADER, protocol] : [protocol]), resolved.io)
    if (first && await reader.read() !== MULTISTREAM_HEADER) throw new NegotiationError('bad-header')
    first = false
    const answer = await reader.read()
    if (answer === protocol) return { protocol, rest: reader.takeRest() }
    if (answer !== NOT_AVAILABLE) throw new NegotiationError('unexpected-answer')
  }
  throw new ProtocolNotSupportedError([...protocols])
}
