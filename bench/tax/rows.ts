import type { Cycle } from './record.ts'

/** A row of the benchmark by its id, and what one cycle of it is. */
export interface TaxRow {
  readonly id: string
  readonly cycle: Cycle
}

/** All rows that have a cycle. Of a transfer it is one MiB. */
export const TAX_ROWS: readonly TaxRow[] = Object.freeze([
  { id: 'stream-1', cycle: 'stream' },
  { id: 'stream-64', cycle: 'stream' },
  { id: 'throughput', cycle: 'throughput' },
  { id: 'connection-1', cycle: 'connection' },
  { id: 'connection-16', cycle: 'connection' }
])
