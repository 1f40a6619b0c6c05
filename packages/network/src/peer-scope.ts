import type { PeerRef } from './peer-ref.ts'
import type { ResourceScope } from './resource-scope.ts'

/** The scope of a peer: all its connections and streams. Muxers reserve their windows here. @see seed 004, "PeerScope" */
export interface PeerScope extends ResourceScope {
  readonly peer: PeerRef
}
