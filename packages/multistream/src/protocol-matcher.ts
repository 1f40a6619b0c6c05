import type { ProtocolID } from '@weir/network'

/** What is spoken here, asked anew for each proposal. Both are called synchronously; what they throw ends the negotiation. */
export interface ProtocolMatcher {
  /**
   * The name under which a proposal is to be handled: the proposal itself in most cases. `undefined` when it is not spoken.
   *
   * @param id - any text of one line: the remote chose it
   */
  find (id: ProtocolID): ProtocolID | undefined
  /** What `ls` is answered with. */
  list (): ProtocolID[]
}

/** A matcher of exactly these. */
export function exactMatcher (protocols: readonly ProtocolID[]): ProtocolMatcher {
  return {
    find: id => protocols.includes(id) ? id : undefined,
    list: () => [...protocols]
  }
}
