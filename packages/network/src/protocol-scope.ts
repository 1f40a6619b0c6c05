import type { ProtocolID } from './protocol-id.ts'
import type { ResourceScope } from './resource-scope.ts'

/** The scope of a protocol. @see seed 004, "ProtocolScope" */
export interface ProtocolScope extends ResourceScope {
  readonly protocol: ProtocolID
}
