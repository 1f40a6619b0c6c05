import { multiaddr } from '@multiformats/multiaddr'
import type { ConnManagementScope, Direction, PeerRef, PeerScope, ResourceManager, ResourceScope, ResourceScopeSpan, StreamManagementScope } from '@weir/network'
import type { Step } from './script.ts'

type Run = () => void

// Loopback is free of limits per subnet and of rates. Who comes from elsewhere is not, and that is what a node pays for.
const ENDPOINT = multiaddr('/ip4/192.0.2.1/tcp/4001')

/** Makes the same calls again, of another manager, as often as it is told to and with nothing between them. */
export class Replay {
  readonly #manager: ResourceManager
  readonly #slots: ResourceScopeSpan[] = []
  readonly #peerScopes = new Map<string, PeerScope>()
  readonly #peers = new Map<string, PeerRef>()

  constructor (manager: ResourceManager) {
    this.#manager = manager
  }

  /**
   * Puts the calls in order, so that running them costs little besides. What was opened by calls that ran before can be called.
   *
   * @throws {TypeError} at a call that it does not know
   */
  prepare (steps: readonly Step[]): Run {
    const runs = steps.map(step => this.#prepare(step))
    return () => {
      for (const run of runs) run()
    }
  }

  #prepare ({ method, args: [first = '', second = ''], target, peer, opens = 0 }: Step): Run {
    const slots = this.#slots
    const scope = (): ResourceScope => (peer === undefined ? slots[target ?? 0] : this.#peerScopes.get(peer)) as ResourceScope
    const keep = (opened: ResourceScopeSpan): void => { slots[opens] = opened }
    switch (method) {
      case 'openConnection': return () => { keep(this.#manager.openConnection(first as Direction, second === 'fd', ENDPOINT)) }
      case 'openStream': {
        const ref = this.#peer(second)
        return () => { keep(this.#manager.openStream(ref, first as Direction)) }
      }
      case 'setPeer': {
        const ref = this.#peer(first)
        return () => { this.#peerScopes.set(first, (scope() as ConnManagementScope).setPeer(ref)) }
      }
      case 'setProtocol': return () => { (scope() as StreamManagementScope).setProtocol(first) }
      case 'setService': return () => { (scope() as StreamManagementScope).setService(first) }
      case 'beginSpan': return () => { keep(scope().beginSpan()) }
      case 'reserveMemory': return () => { scope().reserveMemory(Number(first), Number(second)) }
      case 'releaseMemory': return () => { scope().releaseMemory(Number(first)) }
      case 'done': return () => { (scope() as ResourceScopeSpan).done() }
      default: throw new TypeError(`there is no ${method} to be called again`)
    }
  }

  #peer (text: string): PeerRef {
    const known = this.#peers.get(text) ?? { type: 'Ed25519', toString: () => text }
    this.#peers.set(text, known)
    return known
  }
}
