import { YamuxFlag, YamuxFrameError, YamuxFrameType, type YamuxHeader, type YamuxFault } from '@weir/adapters'
import { UINT32_MAX } from './defaults.ts'
import type { FrameSink } from './frame-reader.ts'
import type { StreamTable } from './stream-table.ts'
import type { YamuxStream } from './yamux-stream.ts'

const KNOWN_FLAGS = YamuxFlag.syn | YamuxFlag.ack | YamuxFlag.fin | YamuxFlag.rst

/** What frames do to a connection. */
export interface FrameTarget {
  isClosed (): boolean
  onPing (id: number): void
  onPong (id: number): void
  onGoAway (errorCode: number): void
}

export interface InboundFramesInit {
  readonly isServer: boolean
  readonly maxStreamWindowSizeBytes: number
}

/**
 * Checks every frame of the remote before any byte of it is kept, and hands it to the stream that it is for.
 *
 * Tolerated, as the remote may not know better yet: frames of streams that have ended here, whose data is skipped as it
 * comes. Everything else that the protocol does not allow is thrown.
 *
 * @throws {YamuxFrameError}
 */
export class InboundFrames implements FrameSink {
  readonly #target: FrameTarget
  readonly #streams: StreamTable
  readonly #isServer: boolean
  readonly #maxWindowBytes: number
  #highestRemoteId = 0
  #stream: YamuxStream | undefined // of the payload that comes
  #finBehind = false

  constructor (target: FrameTarget, streams: StreamTable, { isServer, maxStreamWindowSizeBytes }: InboundFramesInit) {
    this.#target = target
    this.#streams = streams
    this.#isServer = isServer
    this.#maxWindowBytes = maxStreamWindowSizeBytes
  }

  onHeader (header: YamuxHeader): boolean {
    if (this.#target.isClosed()) return false // nothing follows a goodbye
    const { type, flags, streamId } = header
    if (header.version !== 0) throw fault('version', header)
    if (type > YamuxFrameType.goAway) throw fault('type', header)
    if ((flags & ~KNOWN_FLAGS) !== 0) throw fault('flags', header)
    if ((streamId === 0) !== (type >= YamuxFrameType.ping)) throw fault('stream-id', header)
    if (type < YamuxFrameType.ping) return this.#onStreamFrame(header)
    if (type === YamuxFrameType.goAway) this.#target.onGoAway(header.length)
    else if (flags === YamuxFlag.syn) this.#target.onPing(header.length)
    else if (flags === YamuxFlag.ack) this.#target.onPong(header.length)
    else throw fault('flags', header)
    return false
  }

  onPayload (bytes: Uint8Array, last: boolean): void {
    const stream = this.#stream
    if (stream === undefined) return
    stream.reader.push(bytes)
    if (!last || !this.#finBehind) return
    stream.onFin()
    this.#streams.closed.delete(stream.id) // it may have been closed here between two pieces
  }

  #onStreamFrame (header: YamuxHeader): boolean {
    const { type, flags, streamId, length } = header
    const stream = (flags & YamuxFlag.syn) === 0 ? this.#streams.get(streamId) : this.#open(header)
    if (stream === undefined) {
      this.#onEndedStreamFrame(header)
      return false
    }
    if ((flags & (YamuxFlag.ack | YamuxFlag.fin)) !== 0) this.#streams.onAck(stream) // who ends a stream has seen it
    if ((flags & YamuxFlag.rst) !== 0) {
      stream.onRemoteReset(type === YamuxFrameType.windowUpdate ? length : 0)
      if (type === YamuxFrameType.data && length > this.#maxWindowBytes) throw fault('window-exceeded', header, this.#maxWindowBytes)
      return false
    }
    const fin = (flags & YamuxFlag.fin) !== 0
    if (type === YamuxFrameType.data && length > 0) {
      const { window, finished } = stream.reader
      const windowBytes = finished ? 0 : window.leftBytes
      if (length > windowBytes) throw fault('window-exceeded', header, windowBytes)
      window.take(length)
      this.#stream = stream
      this.#finBehind = fin
      return true
    }
    if (type === YamuxFrameType.windowUpdate && length > 0) {
      if (stream.writer.windowBytes + length > UINT32_MAX) throw fault('window-overflow', header, stream.writer.windowBytes)
      stream.writer.grant(length)
    }
    if (fin) stream.onFin()
    return false
  }

  #open (header: YamuxHeader): YamuxStream | undefined {
    const { streamId } = header
    if ((streamId % 2 === 1) !== this.#isServer) throw fault('parity', header)
    if (this.#streams.get(streamId) !== undefined || this.#streams.closed.has(streamId)) throw fault('duplicate-stream', header)
    // Not in order: go-yamux numbers its streams in one goroutine and announces them in another.
    if (streamId > this.#highestRemoteId) this.#highestRemoteId = streamId
    return this.#streams.onSyn(streamId)
  }

  #onEndedStreamFrame (header: YamuxHeader): void {
    const { type, flags, streamId, length } = header
    const { closed } = this.#streams
    const remote = (streamId % 2 === 1) === this.#isServer
    if (remote ? streamId > this.#highestRemoteId : !this.#streams.wasOpened(streamId)) throw fault('unknown-stream', header)
    if (type === YamuxFrameType.data && length > 0) {
      const windowBytes = closed.windowBytes(streamId) ?? this.#maxWindowBytes
      if (length > windowBytes) throw fault('window-exceeded', header, windowBytes)
      closed.take(streamId, length)
    }
    if ((flags & YamuxFlag.ack) !== 0) closed.acknowledge(streamId)
    if ((flags & (YamuxFlag.fin | YamuxFlag.rst)) !== 0) closed.delete(streamId)
  }
}

function fault (what: YamuxFault, { type, streamId, length }: YamuxHeader, windowBytes: number = 0): YamuxFrameError {
  return new YamuxFrameError({ fault: what, streamId, frameType: type, lengthBytes: length, windowBytes })
}
