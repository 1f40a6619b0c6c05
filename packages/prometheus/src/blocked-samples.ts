import type { RefusalCount } from '@weir/resource-manager'
import type { Sample } from './pulled-metric.ts'

// Go counts what refuses a peer something of a protocol or of a service under these, and has names of its own for the others.
const SCOPES: Readonly<Partial<Record<RefusalCount['scope'], string>>> = {
  'allowlisted-system': 'allowlistedSystem',
  'allowlisted-transient': 'allowlistedTransient',
  'connection': 'conn',
  'protocol-peer': 'protocol',
  'service-peer': 'service'
}

/** Refusals by Go's names: what Go does not tell apart is added up. The direction is that of the limit, empty for that of the total. */
export function blockedSamples (refusals: readonly RefusalCount[]): Sample[] {
  const samples = new Map<string, { labels: NonNullable<Sample['labels']>, value: number }>()
  for (const { scope: kind, resource, direction: dir = '', count } of refusals) {
    const scope = SCOPES[kind] ?? kind
    const key = `${dir} ${scope} ${resource}`
    const sample = samples.get(key)
    if (sample === undefined) samples.set(key, { labels: { dir, scope, resource }, value: count })
    else sample.value += count
  }
  return [...samples.values()]
}
