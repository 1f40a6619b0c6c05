import type { Direction } from './direction.ts'

/**
 * What is known of a connection or a stream. A plain, structured-cloneable snapshot.
 *
 * @see seed 004, "Stats"
 */
export interface Stats {
  readonly direction: Direction
  /** Wall clock of the opening, in milliseconds since 1970. */
  readonly openedMs: number
  /** Limited by bytes or time, as through a relay. */
  readonly limited: boolean
  /** Bytes handed to readers so far. */
  readonly readBytes: number
  /** Bytes taken from writers so far. */
  readonly writtenBytes: number
  /** Anything else, by whoever has it. */
  readonly extra: ReadonlyMap<unknown, unknown>
}

/** @see seed 004, "ConnStats" */
export interface ConnStats extends Stats {
  readonly numStreams: number
}
