import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process that answers each line with numbers. It is ended by `end`. */
export class LineProcess {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor (process: ChildProcess, lines: AsyncIterator<string>) {
    this.#process = process
    this.#lines = lines
  }

  /** Starts it, and waits until it says that it is ready. */
  static async start (file: string, args: readonly string[]): Promise<LineProcess> {
    const process = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]()
    const started = new LineProcess(process, lines)
    await started.#line()
    return started
  }

  async ask (line: string): Promise<number[]> {
    this.#process.stdin?.write(`${line}\n`)
    return (await this.#line()).split(' ').map(Number)
  }

  end (): void {
    this.#process.kill('SIGKILL')
  }

  async #line (): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('a measured process has ended')
    return value
  }
}
