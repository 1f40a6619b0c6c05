import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { InvalidArgumentError } from 'commander'

/**
 * An address from the command line.
 *
 * @throws {InvalidArgumentError} with a sentence for the user
 */
export function parseAddress (text: string): Multiaddr {
  const address = parse(text)
  const components = address?.getComponents() ?? []
  if (address === undefined || components.length === 0) throw new InvalidArgumentError('It is no multiaddr; one looks like /ip4/127.0.0.1/tcp/4001.')
  // The parser takes any text for a peer.
  for (const { name, value } of components) {
    if (name === 'p2p' && !isPeerId(value)) throw new InvalidArgumentError(`${value ?? 'Nothing'} is no peer id.`)
  }
  return address
}

/**
 * The address of a peer: one that ends with who the peer is.
 *
 * @throws {InvalidArgumentError} with a sentence for the user
 */
export function parsePeerAddress (text: string): Multiaddr {
  const address = parseAddress(text)
  if (address.getComponents().at(-1)?.name !== 'p2p') throw new InvalidArgumentError('It has to end with /p2p/ and the id of the peer.')
  return address
}

function parse (text: string): Multiaddr | undefined {
  try {
    return multiaddr(text)
  } catch {
    return undefined // why it is none, the parser tells in its own terms
  }
}

function isPeerId (text: string | undefined): boolean {
  try {
    return peerIdFromString(text ?? '') !== undefined
  } catch {
    return false
  }
}
