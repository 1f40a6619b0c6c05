import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

/** A listener in a process of its own, ended by `using`. */
export class ListenerProcess implements Disposable {
  readonly port: number
  readonly #process: ChildProcess

  private constructor (process: ChildProcess, port: number) {
    this.#process = process
    this.port = port
  }

  static async start (side: 'weir' | 'model'): Promise<ListenerProcess> {
    const child = fork(CHILD, [side], { execArgv: ['--conditions=@weir/source', '--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [port] = await once(child, 'message') as [number]
    return new ListenerProcess(child, port)
  }

  /** Its heap and what is outside of it, in bytes, after all garbage is collected. */
  async memoryBytes (): Promise<number> {
    this.#process.send('memory')
    const [result] = await once(this.#process, 'message') as [number]
    return result
  }

  /** Its time on processors so far, that of its helper threads included. */
  async cpuUs (): Promise<number> {
    this.#process.send('cpu')
    const [{ user, system }] = await once(this.#process, 'message') as [NodeJS.CpuUsage]
    return user + system
  }

  [Symbol.dispose] (): void {
    this.#process.kill('SIGKILL')
  }
}
