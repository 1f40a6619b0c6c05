import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endChild } from './end-child.ts'

/** One line of an answer: its labels, and its value. */
export interface QueryResult {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const START_WITHIN_MS = 30_000
const END_WITHIN_MS = 10_000
const KEPT_LOG_CHARS = 8_192

export function isPrometheusInstalled (): boolean {
  return (spawnSync('prometheus', ['--version']).error as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT'
}

/** A Prometheus server in a process and a directory of its own, on this machine alone. It scrapes one target, often. */
export class PrometheusServer implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #dir: string
  readonly #url: string

  private constructor (child: ChildProcess, dir: string, url: string) {
    this.#child = child
    this.#dir = dir
    this.#url = url
  }

  /** @param target - the host and port of what it scrapes @throws {Error} with its log when it does not start */
  static async start (target: string): Promise<PrometheusServer> {
    const dir = await mkdtemp(join(tmpdir(), 'weir-prometheus-'))
    const config = join(dir, 'config.yml')
    await writeFile(config, JSON.stringify({
      global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
      scrape_configs: [{ job_name: 'weir', static_configs: [{ targets: [target] }] }]
    }))
    const child = spawn('prometheus', [`--config.file=${config}`, '--web.listen-address=127.0.0.1:0', `--storage.tsdb.path=${join(dir, 'data')}`], { stdio: ['ignore', 'ignore', 'pipe'] })
    try {
      return new PrometheusServer(child, dir, `http://${await addressOf(child)}`)
    } catch (error) {
      child.kill('SIGKILL')
      await rm(dir, { recursive: true, force: true })
      throw error
    }
  }

  /** What an expression gives now. @throws {Error} when it is none */
  async query (expression: string): Promise<QueryResult[]> {
    const response = await fetch(`${this.#url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: expression }) })
    const { status, error, data } = await response.json() as { status: string, error?: string, data?: { result: { metric: Record<string, string>, value: [number, string] }[] } }
    if (status !== 'success' || data === undefined) throw new Error(`${expression}: ${error}`)
    return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value.replace('+Inf', 'Infinity')) }))
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await endChild(this.#child, END_WITHIN_MS)
    await rm(this.#dir, { recursive: true, force: true })
  }
}

/** Where it listens: it says so once it does. */
async function addressOf (child: ChildProcess): Promise<string> {
  let log = ''
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => { reject(new Error(`${why}\n${log}`)) }
    const timer = setTimeout(() => { fail(`Prometheus did not start in ${START_WITHIN_MS} ms`) }, START_WITHIN_MS)
    let address: string | undefined
    child.stderr?.on('data', (chunk: Buffer) => {
      log = `${log}${chunk}`.slice(-KEPT_LOG_CHARS)
      address ??= /msg="Listening on" address=(\S+)/.exec(log)?.[1]
      if (address === undefined || !log.includes('Server is ready')) return
      clearTimeout(timer)
      resolve(address)
    })
    child.on('error', error => { fail(error.message) })
    child.on('exit', code => {
      clearTimeout(timer)
      fail(`Prometheus has ended (${code})`)
    })
  })
}
