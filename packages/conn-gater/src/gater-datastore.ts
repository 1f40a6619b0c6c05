import type { Datastore } from 'interface-datastore'

/** What a gater needs of a datastore. */
export type GaterDatastore = Pick<Datastore, 'put' | 'delete' | 'query'>

/** Keeps nothing: what is blocked is forgotten at the end. */
export const nullDatastore: GaterDatastore = Object.freeze({
  put: (key: Parameters<GaterDatastore['put']>[0]) => key,
  delete () {},
  query: () => [].values() as unknown as ReturnType<GaterDatastore['query']>
})
