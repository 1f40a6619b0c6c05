import type { ComponentLogger, PeerId, PrivateKey, StreamMuxerFactory, Upgrader } from '@libp2p/interface'
import type { Multiplexer } from '@weir/network'

/** What js-libp2p's transports and encrypters are given to work with. */
export interface SwarmComponents {
  readonly privateKey: PrivateKey
  readonly peerId: PeerId
  readonly logger: ComponentLogger
  readonly upgrader: Pick<Upgrader, 'getStreamMuxers'>
}

/**
 * The muxers by name, as an encrypter asks for them to offer them within its handshake. The names are all it may use:
 * the swarm picks among them itself, in the initiator's order on both sides.
 *
 * @see reference/js-libp2p.md 4.2, "Early muxer bug"
 */
export function muxerNames (muxers: readonly Multiplexer[]): Map<string, StreamMuxerFactory> {
  return new Map(muxers.map(({ protocol }) => [protocol, {
    protocol,
    createStreamMuxer () {
      throw new TypeError(`${protocol} is made by the swarm, not by an encrypter`)
    }
  }]))
}
