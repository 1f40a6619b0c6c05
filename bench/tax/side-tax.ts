import { measure } from '../scopes/measure.ts'
import type { SideScript } from './record.ts'
import { Replay } from './replay.ts'
import type { SideTax } from './report.ts'
import { taxedManager } from './taxed-manager.ts'

/** What the calls of one cycle cost, made again of a manager of the same kind; the best of some rounds. */
export async function sideTax ({ before, cycles }: SideScript, numCycles: number, { rounds, durationMs }: { readonly rounds: number, readonly durationMs: number }): Promise<SideTax> {
  await using owned = new AsyncDisposableStack()
  const replay = new Replay(taxedManager(owned))
  replay.prepare(before)()
  const run = replay.prepare(cycles)
  let ns = Infinity
  for (let round = 0; round < rounds; round++) ns = Math.min(ns, measure(run, durationMs).ns / numCycles)
  return { calls: cycles.length / numCycles, ns }
}
