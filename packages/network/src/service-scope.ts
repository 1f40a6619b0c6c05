import type { ResourceScope } from './resource-scope.ts'

/** The scope of a service, such as `libp2p.ping`. @see seed 004, "ServiceScope" */
export interface ServiceScope extends ResourceScope {
  readonly name: string
}
