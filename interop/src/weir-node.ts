import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endChild } from './end-child.ts'
import type { TestHost } from './test-hosts.ts'

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const TELL_WITHIN_MS = 30_000
const END_WITHIN_MS = 15_000
const POLL_MS = 20
const KEPT_CHARS = 1_048_576

/** A line of `weir node --json`. */
interface NodeEvent {
  readonly event: string
  readonly peer?: string
  readonly address?: string
  readonly addresses?: readonly string[]
}

/** A `weir node` with its defaults, in a process on a host of a test; and what it logs of whom it refuses. */
export class WeirNode implements AsyncDisposable {
  peer = ''
  addrs: readonly string[] = []
  readonly #child: ChildProcess
  readonly #dir: string
  readonly #events: NodeEvent[] = []
  #log = ''

  private constructor (child: ChildProcess, dir: string) {
    this.#child = child
    this.#dir = dir
    child.stderr?.on('data', data => { this.#log = `${this.#log}${data}`.slice(-KEPT_CHARS) })
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', line => { this.#events.push(JSON.parse(line) as NodeEvent) })
  }

  /** @throws {Error} with its log when it does not start */
  static async start (host: TestHost, ...listen: string[]): Promise<WeirNode> {
    const dir = await mkdtemp(join(tmpdir(), 'weir-test-host-'))
    const [file = '', ...args] = host.command([process.execPath, '--conditions=@weir/source', MAIN, '--json', 'node', '--data', join(dir, 'data'), ...listen.flatMap(addr => ['--listen', addr])])
    const node = new WeirNode(spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DEBUG: 'weir:swarm' } }), dir)
    try {
      const { peer = '', addresses = [] } = await node.#told(({ event }) => event === 'started', 'that it has started')
      node.peer = peer
      node.addrs = addresses.map(addr => addr.includes('/p2p/') ? addr : `${addr}/p2p/${peer}`)
      return node
    } catch (error) {
      await node[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Waits until it tells of a connection whose remote address begins like this. */
  async connected (addressPrefix: string): Promise<void> {
    await this.#told(({ event, address }) => event === 'connected' && address?.startsWith(addressPrefix) === true, `of a connection from ${addressPrefix}`)
  }

  /** Waits until it has told of the ends of so many connections. */
  async disconnected (count: number): Promise<void> {
    await this.#until(() => this.#events.filter(({ event }) => event === 'disconnected').length >= count || undefined, `tell of the ends of ${count} connections`)
  }

  /** How many connections with such a remote address it has told of. */
  countConnected (addressPrefix: string): number {
    return this.#events.filter(({ event, address }) => event === 'connected' && address?.startsWith(addressPrefix) === true).length
  }

  /** Waits until it has logged such a line. */
  async logged (pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.#log) || undefined, `log ${pattern}`)
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await endChild(this.#child, END_WITHIN_MS)
    await rm(this.#dir, { recursive: true, force: true })
  }

  async #told (what: (event: NodeEvent) => boolean, words: string): Promise<NodeEvent> {
    return await this.#until(() => this.#events.find(what), `tell ${words}`)
  }

  async #until<T> (find: () => T | undefined, words: string): Promise<T> {
    const deadlineMs = performance.now() + TELL_WITHIN_MS
    while (true) {
      const found = find()
      if (found !== undefined) return found
      if (performance.now() > deadlineMs || this.#child.exitCode !== null) throw new Error(`weir node (${this.#child.exitCode ?? 'runs'}) did not ${words}\n${this.#log}`)
      await wait(POLL_MS)
    }
  }
}
