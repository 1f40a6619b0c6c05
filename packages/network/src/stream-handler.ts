import type { Stream } from './conn.ts'

/**
 * Gets each stream that a remote opens, and owns it. One that rejects has its stream reset with a code; one that returns
 * leaves it open.
 *
 * @see seed 004, "StreamHandler"
 */
export type StreamHandler = (stream: Stream) => void | Promise<void>
