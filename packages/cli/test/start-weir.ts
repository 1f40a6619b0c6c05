import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout } from 'node:timers/promises'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const PATIENCE_MS = 30_000

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The real command in a process of its own. It is killed when the block ends, however it ends. */
export class Weir implements AsyncDisposable {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  #output = { stdout: '', stderr: '' }

  constructor (args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, ['--conditions=@weir/source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, WEIR_DEBUG: '', ...env } })
    for (const name of ['stdout', 'stderr'] as const) this.child[name]?.on('data', chunk => { this.#output[name] += String(chunk) })
    this.ended = once(this.child, 'close').then(([code, signal]) => ({ code, signal, ...this.#output }))
  }

  get stdout (): string {
    return this.#output.stdout
  }

  get stderr (): string {
    return this.#output.stderr
  }

  /** The first match in the output so far, or as soon as there is one. */
  async sees (pattern: RegExp, where: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const deadline = setTimeout(PATIENCE_MS, 'late' as const, { ref: false })
    while (true) {
      const match = pattern.exec(this.#output[where])
      if (match !== null) return match
      const next = await Promise.race([once(this.child[where] ?? this.child, 'data'), this.ended.then(() => 'ended' as const), deadline])
      if (next === 'late' || (next === 'ended' && !pattern.test(this.#output[where]))) {
        throw new Error(`${next} without ${pattern} on ${where}\n${this.stdout}\n${this.stderr}`)
      }
    }
  }

  /** What it printed on stdout, as events. Throws when a line is no JSON. */
  events (): Array<Record<string, unknown>> {
    return this.stdout.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>)
  }

  /** Sends a signal and waits for the end. */
  async end (signal: NodeJS.Signals): Promise<Ended & { readonly ms: number }> {
    const start = performance.now()
    this.child.kill(signal)
    return { ...await this.ended, ms: performance.now() - start }
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }
}

/** Runs the command to its end. */
export async function weir (...args: string[]): Promise<Ended> {
  await using command = new Weir(args)
  return await command.ended
}

export const LOOPBACK: readonly string[] = ['--listen', '/ip4/127.0.0.1/tcp/0']

const LISTENING = /^listening on (\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/(12D3KooW\w+))$/m

/** A node that listens on loopback, with its address and id. */
export async function startNode (dir: string, ...args: string[]): Promise<AsyncDisposable & { node: Weir, address: string, peer: string }> {
  const node = new Weir(['node', '--data', dir, ...LOOPBACK, ...args])
  const [, address = '', peer = ''] = await node.sees(LISTENING).catch(async error => {
    await node[Symbol.asyncDispose]()
    throw error
  })
  return { node, address, peer, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() }
}

/** It failed with one line for people on stderr and nothing on stdout. */
export function assertOneLine ({ stdout, stderr }: { stdout: string, stderr: string }, pattern: RegExp): void {
  assert.equal(stdout, '')
  assert.match(stderr, /^weir: [^\n]+\n$/)
  assert.match(stderr, pattern)
  assert.doesNotMatch(stderr, /\bat .*\.[jt]s:\d+/)
}
