import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Started {
  readonly peer: string
  readonly addrs: readonly string[]
  readonly agent: string
}

export interface PeerEvent {
  readonly event: string
  readonly how: string
  readonly code?: number
  readonly sha256?: string
}

interface Line extends Partial<PeerEvent> {
  readonly id?: number
  readonly ok?: boolean
  readonly result?: unknown
  readonly error?: string
  readonly kind?: string
}

interface Waiting {
  resolve (value: unknown): void
  reject (error: Error): void
}

const ANSWER_WITHIN_MS = 30_000
const END_WITHIN_MS = 15_000
const KEPT_STDERR_CHARS = 8_192

/**
 * A peer in a process of its own, driven by JSON lines. It ends with its stdin, or is killed: nothing outlives `end`, nor
 * this process, and no wait is without a deadline.
 */
export class PeerProcess {
  readonly name: string
  readonly #answerWithinMs: number
  readonly #endWithinMs: number
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #events: PeerEvent[] = []
  #eventWake: () => void = () => {}
  #nextId = 1
  #stderr = ''
  #gone: Error | undefined

  constructor (name: string, command: readonly string[], { answerWithinMs = ANSWER_WITHIN_MS, endWithinMs = END_WITHIN_MS }: { answerWithinMs?: number | undefined, endWithinMs?: number | undefined } = {}) {
    const [file, ...args] = command
    if (file === undefined) throw new TypeError('no command')
    this.name = name
    this.#answerWithinMs = answerWithinMs
    this.#endWithinMs = endWithinMs
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    // A write to a process that has just died: its 'exit' tells more.
    this.#child.stdin?.on('error', () => {})
    this.#child.stderr?.on('data', data => { this.#stderr = `${this.#stderr}${data}`.slice(-KEPT_STDERR_CHARS) })
    this.#child.on('error', error => { this.#end(error) })
    this.#child.on('exit', (code, signal) => { this.#end(new Error(`${name} has ended (${signal ?? code})\n${this.#stderr}`)) })
    if (this.#child.stdout !== null) createInterface({ input: this.#child.stdout }).on('line', line => { this.#take(JSON.parse(line) as Line) })
  }

  /** Runs a command in the peer. @throws what went wrong there */
  async ask<T = Record<string, never>> (cmd: string, args: object = {}): Promise<T> {
    if (this.#gone !== undefined) throw this.#gone
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.set(id, { resolve, reject })
    const timer = setTimeout(() => { reject(new Error(`${this.name} did not answer ${cmd} in ${this.#answerWithinMs} ms\n${this.#stderr}`)) }, this.#answerWithinMs)
    try {
      this.#child.stdin?.write(`${JSON.stringify({ id, cmd, ...args })}\n`)
      return await promise as T
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  /** The next event of that name that a handler of the peer reported. */
  async event (name: string): Promise<PeerEvent> {
    const until = Date.now() + this.#answerWithinMs
    while (true) {
      const index = this.#events.findIndex(({ event }) => event === name)
      if (index >= 0) return this.#events.splice(index, 1)[0] as PeerEvent
      if (this.#gone !== undefined) throw this.#gone
      const leftMs = until - Date.now()
      if (leftMs <= 0) throw new Error(`${this.name} did not report ${name} in ${this.#answerWithinMs} ms\n${this.#stderr}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#eventWake = resolve
      const timer = setTimeout(resolve, leftMs)
      await promise
      clearTimeout(timer)
    }
  }

  /** @returns its exit code, or `undefined` when it had to be killed */
  async end (): Promise<number | undefined> {
    if (this.#gone === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#child.once('exit', () => { resolve() })
      const timer = setTimeout(() => { this.#child.kill('SIGKILL') }, this.#endWithinMs)
      this.#child.stdin?.end()
      await promise
      clearTimeout(timer)
    }
    return this.#child.exitCode ?? undefined
  }

  #take (line: Line): void {
    if (line.event !== undefined) {
      this.#events.push(line as PeerEvent)
      this.#eventWake()
      return
    }
    const waiting = this.#waiting.get(line.id ?? 0)
    if (line.ok === true) waiting?.resolve(line.result ?? {})
    else waiting?.reject(Object.assign(new Error(`${this.name}: ${line.error}`), { kind: line.kind }))
  }

  #end (why: Error): void {
    this.#gone ??= why
    for (const { reject } of this.#waiting.values()) reject(this.#gone)
    this.#eventWake()
  }
}
