import { type ChildProcess, fork } from 'node:child_process'

const CHILD = new URL('./child.ts', import.meta.url)
const ANSWER_WITHIN_MS = 120_000

interface Waiting {
  resolve (value: unknown): void
  reject (error: Error): void
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** A peer in a process of its own. It is ended by `end`, and by this process's end. */
export class Child {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #gone: Error | undefined

  private constructor (process: ChildProcess) {
    this.#process = process
    process.on('message', answer => { this.#take(answer as Answer) })
    process.on('exit', (code, signal) => { this.#end(new Error(`a measured process has ended (${signal ?? code})`)) })
  }

  /**
   * @param peer - the module that exports a `BenchPeer` as `peer`, or what the script takes
   * @param script - what runs, and serves calls
   */
  static async start (peer: URL, script: URL = CHILD): Promise<Child> {
    const child = new Child(fork(script, [peer.href], { execArgv: ['--conditions=@weir/source', '--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }))
    // It says 0 when it is ready.
    await child.#answer(0)
    return child
  }

  async call<T> (name: string, ...args: unknown[]): Promise<T> {
    const id = this.#nextId++
    this.#process.send({ id, name, args })
    return await this.#answer(id) as T
  }

  async end (): Promise<void> {
    if (this.#gone !== undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#process.once('exit', () => { resolve() })
    this.#process.kill('SIGKILL')
    await promise
  }

  async #answer (id: number): Promise<unknown> {
    if (this.#gone !== undefined) throw this.#gone
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.set(id, { resolve, reject })
    const timer = setTimeout(() => { reject(new Error(`a measured process did not answer in ${ANSWER_WITHIN_MS} ms`)) }, ANSWER_WITHIN_MS)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  #take ({ id, result, error }: Answer): void {
    if (error === undefined) this.#waiting.get(id)?.resolve(result)
    else this.#waiting.get(id)?.reject(new Error(error))
  }

  #end (why: Error): void {
    this.#gone = why
    for (const { reject } of this.#waiting.values()) reject(why)
  }
}
