import type { Uint8ArrayList } from 'uint8arraylist'
import { YAMUX_INITIAL_WINDOW_BYTES } from './defaults.ts'
import { RemoteNotReadingError, YamuxFrameError, type YamuxFault } from './errors.ts'
import { Flag, FrameType, type YamuxHeader } from './yamux-frame.ts'
import { YamuxFrameScanner } from './yamux-frame-scanner.ts'

export interface YamuxFrameGuardInit {
  /** Whether the remote opened the connection: it opens odd streams then. */
  readonly isServer: boolean
  readonly maxStreamWindowBytes: number
  readonly maxTrackedStreams: number
  readonly maxWaitingPings: number
  readonly maxWaitingFrames: number
  /** Asked before a stream's window grows beyond what it ever was; no means that it stays. */
  readonly mayGrow: (streamId: number, bytes: number) => boolean
}

interface TrackedStream {
  /** What the remote may still send. */
  windowBytes: number
  /** The most that `windowBytes` may be. */
  largestBytes: number
  /** What the muxer has granted and the remote has not been told yet. */
  owedBytes: number
  localEnded: boolean
  remoteEnded: boolean
}

// Streams that were reset here with a larger window than a new one has: the remote may be sending into it still.
const MAX_LINGERING = 1_024

const KNOWN_FLAGS = Flag.syn | Flag.ack | Flag.fin | Flag.rst

/**
 * Reads the frame headers of a Yamux connection along with a js muxer that trusts them, and throws before a frame costs
 * anything that the remote has no right to.
 *
 * js yamux collects every data frame whole before it looks at its stream and window; a header of 12 bytes makes it hold
 * 4 GiB. Here a data frame never announces more than its stream's window, nor more than 256 KiB for a stream that is not
 * known. Windows grow no further than `maxStreamWindowBytes`: what js yamux grants beyond that is taken out of its window
 * updates, and those that a remote with half its window left can wait for go out together later: js yamux sends one for
 * every frame, and a sender would cut its bytes as small as they are. An end of stream that shares a frame with data is
 * moved behind it, where js yamux does not lose the data.
 *
 * It passes bytes through and holds none; ending the connection is up to the caller.
 *
 * @see reference/js-libp2p.md 4.3 and 9.1
 */
export class YamuxFrameGuard {
  readonly #init: YamuxFrameGuardInit
  readonly #in = new YamuxFrameScanner(header => { this.#onReceived(header) })
  readonly #out = new YamuxFrameScanner(header => this.#onSent(header))
  readonly #streams = new Map<number, TrackedStream>()
  readonly #lingering = new Map<number, TrackedStream>()
  readonly #resetCodes = new Map<number, number>()
  #congested = false
  #waitingPings = 0
  #waitingFrames = 0
  #goAwayCode: number | undefined

  constructor (init: YamuxFrameGuardInit) {
    this.#init = init
  }

  /** The code with which the remote has said goodbye. */
  get goAwayCode (): number | undefined {
    return this.#goAwayCode
  }

  /** How many streams it follows. */
  get trackedStreams (): number {
    return this.#streams.size + this.#lingering.size
  }

  /** The code of a reset in the bytes received last, 0 for none. */
  resetCode (streamId: number): number {
    return this.#resetCodes.get(streamId) ?? 0
  }

  /** @returns what the muxer may have of it @throws {YamuxFrameError} */
  received (chunk: Uint8Array | Uint8ArrayList): Uint8Array | Uint8ArrayList {
    this.#resetCodes.clear()
    return this.#in.scan(chunk)
  }

  /** @returns what to send in its place @throws {RemoteNotReadingError} */
  sent (chunk: Uint8Array | Uint8ArrayList): Uint8Array | Uint8ArrayList {
    return this.#out.scan(chunk)
  }

  /** Whether what is sent has to wait for the remote to read. */
  setCongested (congested: boolean): void {
    this.#congested = congested
    this.#waitingPings = 0
    this.#waitingFrames = 0
  }

  #onReceived (header: YamuxHeader): void {
    const { type, flags, streamId, length } = header
    if (header.version !== 0) throw fault('version', header)
    if ((flags & ~KNOWN_FLAGS) !== 0) throw fault('flags', header)
    switch (type) {
      case FrameType.data:
      case FrameType.windowUpdate: break
      case FrameType.ping:
        if (streamId !== 0) throw fault('stream-id', header)
        if (flags !== Flag.syn && flags !== Flag.ack) throw fault('flags', header)
        return
      case FrameType.goAway:
        if (streamId !== 0) throw fault('stream-id', header)
        this.#goAwayCode ??= length
        return
      default: throw fault('type', header)
    }
    if (streamId === 0) throw fault('stream-id', header)
    if ((flags & Flag.syn) !== 0) this.#openedByRemote(header)
    const stream = this.#streams.get(streamId) ?? this.#lingering.get(streamId)
    if (type === FrameType.data && length > 0) {
      const windowBytes = stream === undefined ? YAMUX_INITIAL_WINDOW_BYTES : stream.remoteEnded ? 0 : stream.windowBytes
      if (length > windowBytes) throw fault('window-exceeded', header, windowBytes)
      if (stream !== undefined) stream.windowBytes -= length
      if ((flags & Flag.fin) !== 0) header.flags &= ~Flag.fin
    }
    if (stream === undefined) return
    if ((flags & Flag.rst) !== 0) {
      this.#forget(streamId)
      if (type === FrameType.windowUpdate) this.#resetCodes.set(streamId, length)
    } else if ((flags & Flag.fin) !== 0) {
      stream.remoteEnded = true
      if (stream.localEnded) this.#forget(streamId)
    }
  }

  #openedByRemote (header: YamuxHeader): void {
    const odd = header.streamId % 2 === 1
    if (odd !== this.#init.isServer) throw fault('parity', header)
    if (this.#streams.has(header.streamId) || this.#lingering.has(header.streamId)) throw fault('duplicate-stream', header)
    if (this.#streams.size >= this.#init.maxTrackedStreams) throw fault('too-many-streams', header)
    this.#track(header.streamId)
  }

  #onSent (header: YamuxHeader): 'leave-out' | undefined {
    const { type, flags, streamId, length } = header
    // Only our own muxer opens streams here, and it has a limit of its own.
    if ((flags & Flag.syn) !== 0 && streamId !== 0 && this.#streams.size < this.#init.maxTrackedStreams) this.#track(streamId)
    const stream = this.#streams.get(streamId)
    if (stream !== undefined && type === FrameType.windowUpdate && length > 0) {
      stream.owedBytes += length
      if (flags === 0 && !isGrantDue(stream)) return 'leave-out'
      header.length = this.#grant(streamId, stream, stream.owedBytes)
      stream.owedBytes = 0
    }
    if (this.#congested && type !== FrameType.data) this.#countWaiting(type)
    if (stream === undefined) return undefined
    if ((flags & Flag.rst) !== 0) this.#linger(streamId, stream)
    else if ((flags & Flag.fin) !== 0) {
      stream.localEnded = true
      if (stream.remoteEnded) this.#forget(streamId)
    }
    return undefined
  }

  /** @returns how much of a window update the remote is to get */
  #grant (streamId: number, stream: TrackedStream, bytes: number): number {
    const wanted = Math.min(stream.windowBytes + bytes, this.#init.maxStreamWindowBytes)
    const more = wanted - stream.largestBytes
    if (more > 0 && this.#init.mayGrow(streamId, more)) stream.largestBytes = wanted
    const granted = Math.min(bytes, Math.max(0, stream.largestBytes - stream.windowBytes))
    stream.windowBytes += granted
    return granted
  }

  #countWaiting (type: number): void {
    this.#waitingFrames++
    if (this.#waitingFrames > this.#init.maxWaitingFrames) throw new RemoteNotReadingError('frames', this.#init.maxWaitingFrames)
    if (type !== FrameType.ping) return
    this.#waitingPings++
    if (this.#waitingPings > this.#init.maxWaitingPings) throw new RemoteNotReadingError('pings', this.#init.maxWaitingPings)
  }

  #track (streamId: number): void {
    this.#streams.set(streamId, { windowBytes: YAMUX_INITIAL_WINDOW_BYTES, largestBytes: YAMUX_INITIAL_WINDOW_BYTES, owedBytes: 0, localEnded: false, remoteEnded: false })
  }

  #forget (streamId: number): void {
    this.#streams.delete(streamId)
    this.#lingering.delete(streamId)
  }

  #linger (streamId: number, stream: TrackedStream): void {
    this.#streams.delete(streamId)
    if (stream.remoteEnded || stream.windowBytes <= YAMUX_INITIAL_WINDOW_BYTES) return // the rule for unknown streams serves as well
    this.#lingering.set(streamId, stream)
    stream.localEnded = true
    if (this.#lingering.size > MAX_LINGERING) this.#lingering.delete(this.#lingering.keys().next().value as number)
  }
}

/** A remote that has ended sends no more; one with more than half of its window is not held up. */
function isGrantDue ({ windowBytes, largestBytes, remoteEnded }: TrackedStream): boolean {
  return !remoteEnded && windowBytes <= largestBytes / 2
}

function fault (what: YamuxFault, { type, streamId, length }: YamuxHeader, windowBytes: number = 0): YamuxFrameError {
  return new YamuxFrameError({ fault: what, streamId, frameType: type, lengthBytes: length, windowBytes })
}
