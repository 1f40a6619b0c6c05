import type { ProtocolID } from '@weir/network'
import { encodeMessages, encodeProtocolList } from './encode-messages.ts'
import { NegotiationError } from './errors.ts'
import { MessageReader } from './message-reader.ts'
import type { NegotiableStream } from './negotiable-stream.ts'
import type { Negotiated } from './negotiated.ts'
import { type HandleOptions, resolveNegotiationOptions } from './negotiation-options.ts'
import { exactMatcher, type ProtocolMatcher } from './protocol-matcher.ts'
import { LIST_PROTOCOLS, MULTISTREAM_HEADER, NOT_AVAILABLE } from './wire-words.ts'

const OPTION_KEYS = ['signal', 'maxMessageBytes', 'maxProposals']

function concat (parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}

/**
 * Answers proposals until one is spoken here: the responder's side.
 *
 * Everything that can be answered without another read goes out in one write, so that a dialer who sends header, proposal and
 * data at once gets header and echo at once. Does not end the stream, whatever happens.
 *
 * @param matcher - what is spoken here
 * @returns the name that the matcher gave for the proposal, once the echo is written
 * @throws {NegotiationError} when the remote does not keep to the protocol, proposes too often, or ends: reset the stream
 * @throws whatever the matcher and the stream's read and write throw
 * @see reference/js-libp2p.md 4.1
 */
export async function handle (stream: NegotiableStream, matcher: ProtocolMatcher | readonly ProtocolID[], options?: HandleOptions): Promise<Negotiated> {
  const resolved = resolveNegotiationOptions(options, OPTION_KEYS)
  const spoken = 'list' in matcher ? matcher : exactMatcher(matcher)
  const reader = new MessageReader(stream, resolved)
  if (await reader.read() !== MULTISTREAM_HEADER) throw new NegotiationError('bad-header')

  let answers = [encodeMessages([MULTISTREAM_HEADER])]
  for (let proposals = 0; proposals < resolved.maxProposals; proposals++) {
    let proposal: string | undefined
    try {
      proposal = reader.buffered()
    } catch (nonsense) {
      // Behind a refused proposal may lie data that was sent on trust: its sender should learn of the refusal.
      await stream.write(concat(answers), resolved.io)
      throw nonsense
    }
    if (proposal === undefined) {
      await stream.write(concat(answers), resolved.io)
      answers = []
      proposal = await reader.read()
    }
    if (proposal === LIST_PROTOCOLS) {
      answers.push(encodeProtocolList(spoken.list(), resolved.maxMessageBytes))
      continue
    }
    const protocol = spoken.find(proposal)
    if (protocol !== undefined) {
      answers.push(encodeMessages([proposal]))
      await stream.write(concat(answers), resolved.io)
      return { protocol, rest: reader.takeRest() }
    }
    answers.push(encodeMessages([NOT_AVAILABLE]))
  }
  throw new NegotiationError('too-many-proposals')
}
