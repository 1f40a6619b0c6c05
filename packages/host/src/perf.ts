import { type PeerRef, ReservationPriority, type Stream } from '@weir/network'
import { checkBytes, checkDurationMs, checkKeys } from './check-options.ts'
import { PERF_DEFAULTS } from './defaults.ts'
import { PerfLimitError, UnexpectedStreamEndError } from './errors.ts'
import { ExactReader } from './exact-reader.ts'
import type { Host } from './host.ts'

/** The protocol of perf: how many bytes one wants, then bytes, then the end; the same number of bytes comes back. @see perf.md of libp2p's specifications */
export const PERF_PROTOCOL = '/perf/1.0.0'

const PERF_SERVICE = 'libp2p.perf'
const LENGTH_BYTES = 8

export interface PerfResponderOptions {
  /** How much it sends, and how much it takes. @defaultValue without limit: the time limits it */
  readonly maxBytes?: number | undefined
  /** @defaultValue `PERF_DEFAULTS.timeoutMs` */
  readonly timeoutMs?: number | undefined
}

export interface PerfOptions {
  readonly uploadBytes: number
  readonly downloadBytes: number
  readonly signal?: AbortSignal | undefined
  /** How long the measurement may take, the connection not included. @defaultValue `PERF_DEFAULTS.timeoutMs` */
  readonly timeoutMs?: number | undefined
}

export interface PerfResult {
  readonly uploadBytes: number
  readonly downloadBytes: number
  /** From the first byte sent until the remote has taken them all and begun to answer: a round trip is in it. */
  readonly uploadMs: number
  /** From the first byte of the answer to its end. */
  readonly downloadMs: number
}

async function sendZeros (stream: Stream, length: number, signal?: AbortSignal): Promise<void> {
  const chunk = new Uint8Array(Math.min(length, PERF_DEFAULTS.chunkBytes))
  for (let left = length; left > 0; left -= chunk.byteLength) await stream.write(left < chunk.byteLength ? chunk.subarray(0, left) : chunk, { signal })
}

function charge (stream: Stream): void {
  stream.scope.setService(PERF_SERVICE)
  stream.scope.reserveMemory(PERF_DEFAULTS.chunkBytes, ReservationPriority.always)
}

async function answerPerf (host: Host, stream: Stream, { maxBytes, timeoutMs }: { maxBytes: number, timeoutMs: number }): Promise<void> {
  charge(stream)
  stream.setDeadline(host.clock.monotonicMs() + timeoutMs)
  const reader = new ExactReader(stream)
  const head = await reader.read(LENGTH_BYTES)
  if (head === undefined) throw new UnexpectedStreamEndError({ expectedBytes: LENGTH_BYTES, receivedBytes: 0 })
  const wanted = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0))
  if (wanted > maxBytes || wanted > Number.MAX_SAFE_INTEGER) throw new PerfLimitError({ bytes: wanted, limitBytes: maxBytes })
  let taken = 0
  for (let bytes = await reader.readSome(); bytes !== undefined; bytes = await reader.readSome()) {
    taken += bytes.byteLength
    if (taken > maxBytes) throw new PerfLimitError({ bytes: taken, limitBytes: maxBytes })
  }
  await sendZeros(stream, wanted)
  await stream.close()
}

/**
 * Lets remotes measure how fast bytes get here and back. It costs what it measures: give it to those one trusts, or with
 * limits.
 *
 * @returns what ends it
 */
export function registerPerf (host: Host, options: PerfResponderOptions = {}): Disposable {
  checkKeys('registerPerf', options, ['maxBytes', 'timeoutMs'])
  const maxBytes = checkBytes('maxBytes', options.maxBytes ?? PERF_DEFAULTS.maxBytes, { unlimited: true })
  const timeoutMs = checkDurationMs('timeoutMs', options.timeoutMs ?? PERF_DEFAULTS.timeoutMs)
  host.setStreamHandler(PERF_PROTOCOL, async stream => { await answerPerf(host, stream, { maxBytes, timeoutMs }) })
  return { [Symbol.dispose]: () => { host.removeStreamHandler(PERF_PROTOCOL) } }
}

async function measure (host: Host, stream: Stream, uploadBytes: number, downloadBytes: number, signal: AbortSignal | undefined): Promise<PerfResult> {
  const startMs = host.clock.monotonicMs()
  const head = new Uint8Array(LENGTH_BYTES)
  new DataView(head.buffer).setBigUint64(0, BigInt(downloadBytes))
  await stream.write(head, { signal })
  await sendZeros(stream, uploadBytes, signal)
  await stream.closeWrite()
  let received = 0
  let bytes = await stream.read({ signal })
  const answeredMs = host.clock.monotonicMs()
  while (bytes !== undefined) {
    received += bytes.byteLength
    if (received > downloadBytes) throw new PerfLimitError({ bytes: received, limitBytes: downloadBytes })
    bytes = await stream.read({ signal })
  }
  if (received < downloadBytes) throw new UnexpectedStreamEndError({ expectedBytes: downloadBytes, receivedBytes: received })
  return { uploadBytes, downloadBytes, uploadMs: answeredMs - startMs, downloadMs: host.clock.monotonicMs() - answeredMs }
}

/**
 * Measures how fast bytes get to a peer and back. Dials when there is no connection.
 *
 * @throws {UnexpectedStreamEndError} when the peer sends less than it was asked for
 * @throws {PerfLimitError} when it sends more
 * @throws {DeadlineExceededError} when it takes too long
 * @throws what `host.newStream` throws
 */
export async function perf (host: Host, peer: PeerRef, options: PerfOptions): Promise<PerfResult> {
  checkKeys('perf', options, ['uploadBytes', 'downloadBytes', 'signal', 'timeoutMs'])
  const uploadBytes = checkBytes('uploadBytes', options.uploadBytes)
  const downloadBytes = checkBytes('downloadBytes', options.downloadBytes)
  const timeoutMs = checkDurationMs('timeoutMs', options.timeoutMs ?? PERF_DEFAULTS.timeoutMs)
  const stream = await host.newStream(peer, PERF_PROTOCOL, { signal: options.signal })
  try {
    charge(stream)
    stream.setDeadline(host.clock.monotonicMs() + timeoutMs)
    const result = await measure(host, stream, uploadBytes, downloadBytes, options.signal)
    await stream.close()
    return result
  } catch (error) {
    stream.reset()
    throw error
  }
}
