import type { ResourceManager } from '@weir/network'
import { weirPeer } from '../peers/weir.ts'
import type { BenchConn } from '../src/bench-peer.ts'
import { taxedManager } from './taxed-manager.ts'
import { ScriptRecorder, type Step } from './script.ts'

/** What one side asked its manager. */
export interface SideScript {
  /** Before the cycles, to be there while they run. */
  readonly before: readonly Step[]
  /** In all cycles together. */
  readonly cycles: readonly Step[]
}

export interface Scripts {
  readonly dialer: SideScript
  readonly listener: SideScript
  readonly numCycles: number
}

/** One thing that is measured elsewhere, done once. A connection is there before, unless the cycle is one. */
export type Cycle = 'stream' | 'throughput' | 'connection'

const CYCLES: Readonly<Record<Cycle, number>> = Object.freeze({ stream: 50, throughput: 64, connection: 20 })

const SETTLE_MS = 5_000
const MIB = 1_048_576

class Side {
  readonly recorder: ScriptRecorder
  readonly #inner: ResourceManager

  constructor (inner: ResourceManager) {
    this.#inner = inner
    this.recorder = new ScriptRecorder(inner)
  }

  use (): string {
    return JSON.stringify(this.#inner.viewSystem(system => system.stat()))
  }
}

/** Waits until both sides hold what they held before: what ends a cycle comes after its answer. */
async function settled (sides: readonly Side[], use: readonly string[]): Promise<void> {
  for (const endMs = performance.now() + SETTLE_MS; sides.some((side, index) => side.use() !== use[index]);) {
    if (performance.now() > endMs) throw new Error(`the cycles left something behind: ${sides.map(side => side.use()).join(' and ')}, where there was ${use.join(' and ')}`)
    await new Promise(resolve => { setTimeout(resolve, 5) })
  }
}

/** Runs some cycles between two nodes in this process, and gives what each asked of its manager. */
export async function recordScripts (cycle: Cycle): Promise<Scripts> {
  await using owned = new AsyncDisposableStack()
  const sides = [new Side(taxedManager(owned)), new Side(taxedManager(owned))] as const
  const [atDialer, atListener] = sides
  const listener = await weirPeer(atListener.recorder.manager).listen()
  owned.defer(() => listener.close())
  const dialer = await weirPeer(atDialer.recorder.manager).dialer()
  owned.defer(() => dialer.close())

  const idle = sides.map(side => side.use())
  await dialer.connect(listener.address).then(conn => conn.close())
  await settled(sides, idle)
  const take = (): readonly [Step[], Step[]] => [atDialer.recorder.take(), atListener.recorder.take()]
  take()
  const conn = cycle === 'connection' ? undefined : await dialer.connect(listener.address)
  await conn?.echo(new Uint8Array(32))
  const rest = conn === undefined ? idle : [atDialer.use(), atListener.use()]
  const [before, beforeAtListener] = take()
  const numCycles = CYCLES[cycle]
  for (let at = 0; at < (cycle === 'throughput' ? 1 : numCycles); at++) await once(cycle, conn, async () => await dialer.connect(listener.address))
  await settled(sides, rest)
  const [cycles, cyclesAtListener] = take()
  await conn?.close()
  return { dialer: { before, cycles }, listener: { before: beforeAtListener, cycles: cyclesAtListener }, numCycles }
}

async function once (cycle: Cycle, conn: BenchConn | undefined, connect: () => Promise<BenchConn>): Promise<void> {
  if (conn === undefined) await (await connect()).close()
  else if (cycle === 'stream') await conn.echo(new Uint8Array(32))
  else await conn.send(new Uint8Array(MIB), CYCLES.throughput)
}
