import type { NegotiableStream } from '../src/negotiable-stream.ts'

export type Part = string | number | Uint8Array

/** Bytes written out in a test: text as it is, numbers as bytes. */
export function bytes (...parts: readonly Part[]): Uint8Array {
  return Buffer.concat(parts.map(part => typeof part === 'number' ? Buffer.of(part) : Buffer.from(part as string)))
}

/** A stream whose remote says exactly this, whatever it is told, and then ends. */
export class ScriptedStream implements NegotiableStream {
  readonly written: string[] = []
  readonly signals = new Set<AbortSignal | undefined>()
  reads = 0
  readonly #chunks: Uint8Array[]

  constructor (chunks: readonly Uint8Array[]) {
    this.#chunks = [...chunks]
  }

  get unread (): Uint8Array[] {
    return this.#chunks
  }

  async read (options?: { signal?: AbortSignal | undefined }): Promise<Uint8Array | undefined> {
    this.reads++
    this.signals.add(options?.signal)
    return this.#chunks.shift()
  }

  async write (data: Uint8Array, options?: { signal?: AbortSignal | undefined }): Promise<void> {
    this.signals.add(options?.signal)
    this.written.push(Buffer.from(data).toString('latin1'))
  }
}

class Pipe {
  readonly #chunks: Uint8Array[] = []
  #waiting: ((chunk: Uint8Array) => void) | undefined

  put (chunk: Uint8Array): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting === undefined) this.#chunks.push(chunk)
    else waiting(chunk)
  }

  take (): Promise<Uint8Array> {
    const chunk = this.#chunks.shift()
    return chunk === undefined ? new Promise(resolve => { this.#waiting = resolve }) : Promise.resolve(chunk)
  }
}

/** Two streams, each the other's remote; every write is cut with `cut` into the chunks that are read. */
export function streamPair (cut: (data: Uint8Array) => Uint8Array[] = data => [data]): [NegotiableStream & { writes: number }, NegotiableStream & { writes: number }] {
  const there = new Pipe()
  const back = new Pipe()
  const end = (from: Pipe, to: Pipe): NegotiableStream & { writes: number } => ({
    writes: 0,
    read: () => from.take(),
    async write (data) {
      this.writes++
      for (const chunk of cut(data)) to.put(chunk)
    }
  })
  return [end(back, there), end(there, back)]
}

/** Cuts bytes at these places, counted modulo what is left. */
export function cutAt (data: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let at = 0
  for (const size of sizes) {
    if (at >= data.byteLength) break
    chunks.push(data.subarray(at, at + size))
    at += size
  }
  if (at < data.byteLength) chunks.push(data.subarray(at))
  return chunks
}
