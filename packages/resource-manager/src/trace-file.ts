import { closeSync, openSync } from 'node:fs'
import { appendFile, rename, stat, truncate } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Clock } from '@weir/network'
import { RESOURCE_MANAGER_DEFAULTS, TRACE_FILE_DEFAULTS } from './defaults.ts'
import { TraceFileError } from './errors.ts'
import type { TraceEvent } from './trace-event.ts'
import { traceLine } from './trace-line.ts'
import type { TraceSink } from './tracer.ts'

/** A file of lines of JSON, in gzip. */
export interface TraceFileInit {
  readonly file: string
  /** How long events wait to be written. @defaultValue `TRACE_FILE_DEFAULTS.flushIntervalMs` */
  readonly flushIntervalMs?: number | undefined
  /** A file that is larger is moved to `<file>.1`, in place of the one there. @defaultValue `TRACE_FILE_DEFAULTS.maxFileBytes` */
  readonly maxFileBytes?: number | undefined
}

const compress = promisify(gzip)

// Making lines takes some microseconds each: nobody shall wait long for that.
const LINES_PER_TURN = 2_000

/**
 * Appends events to a file, each batch a gzip member of its own and the file opened anew for each: it may be moved away at
 * any time, and what was written can be read, whatever happens then.
 *
 * A disk that is full, or a folder that is gone, costs the batch: its events count as dropped, and the next is tried again.
 */
export class TraceFile implements TraceSink {
  readonly #file: string
  readonly #flushIntervalMs: number
  readonly #maxFileBytes: number
  readonly #clock: Clock
  readonly #append: typeof appendFile
  #waiting: TraceEvent[] = []
  #timer: Disposable | undefined
  #writing: Promise<void> = Promise.resolve()
  #dropped = 0
  #closed = false

  /**
   * @param append - how bytes get to the file
   * @throws {TypeError} at an option that is not known
   * @throws {RangeError} at a number that is none of its kind
   * @throws {TraceFileError} when the file cannot be opened
   */
  constructor ({ file, flushIntervalMs = TRACE_FILE_DEFAULTS.flushIntervalMs, maxFileBytes = TRACE_FILE_DEFAULTS.maxFileBytes, ...unknown }: TraceFileInit, clock: Clock, append: typeof appendFile = appendFile) {
    for (const key of Object.keys(unknown)) throw new TypeError(`trace does not know the option ${key}`)
    if (typeof file !== 'string' || file === '') throw new TypeError(`the file of a trace is a path, got ${file}`)
    for (const [key, value] of Object.entries({ flushIntervalMs, maxFileBytes })) {
      if (!(value >= 1)) throw new RangeError(`trace: ${key} must be a number of 1 or more, got ${value}`)
    }
    this.#file = file
    this.#flushIntervalMs = flushIntervalMs
    this.#maxFileBytes = maxFileBytes
    this.#clock = clock
    this.#append = append
    try {
      closeSync(openSync(file, 'a'))
    } catch (cause) {
      throw new TraceFileError(file, { cause })
    }
  }

  get dropped (): number {
    return this.#dropped
  }

  push (event: TraceEvent): void {
    if (this.#closed) return
    if (this.#waiting.length >= RESOURCE_MANAGER_DEFAULTS.maxTraceEvents) {
      this.#dropped++
      return
    }
    this.#waiting.push(event)
    this.#timer ??= this.#clock.setTimeout(() => { this.#writing = this.#flush() }, this.#flushIntervalMs)
  }

  async close (): Promise<void> {
    this.#closed = true
    this.#timer?.[Symbol.dispose]()
    await this.#writing
    await this.#flush()
  }

  // Never rejects. No timer is set while it runs, so that there is one at a time.
  async #flush (): Promise<void> {
    const events = this.#waiting
    this.#waiting = []
    for (let from = 0; from < events.length; from += LINES_PER_TURN) {
      const batch = events.slice(from, from + LINES_PER_TURN)
      try {
        await this.#write(await compress(batch.map(traceLine).join('')))
      } catch {
        this.#dropped += batch.length
      }
    }
    this.#timer = undefined
    if (this.#waiting.length > 0 && !this.#closed) this.#timer = this.#clock.setTimeout(() => { this.#writing = this.#flush() }, this.#flushIntervalMs)
  }

  async #write (member: Uint8Array): Promise<void> {
    let size = await sizeOf(this.#file)
    if (size > 0 && size + member.byteLength > this.#maxFileBytes) {
      await rename(this.#file, `${this.#file}.1`)
      size = 0
    }
    try {
      await this.#append(this.#file, member)
    } catch (error) {
      await truncate(this.#file, size).catch(() => {}) // half a member would spoil all that is written behind it
      throw error
    }
  }
}

async function sizeOf (file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch {
    return 0 // moved away: it is made anew
  }
}
