import { Child } from './child-process.ts'
import type { PEERS, PeerId } from './peers.ts'
import type { Figure, Pair, Row, Size } from './rows.ts'

/** All rounds of one figure, by peer. */
export interface Result {
  readonly figure: Figure
  readonly rounds: Readonly<Record<PeerId, readonly number[]>>
}

async function startPair (module: URL): Promise<Pair> {
  const [listener, dialer] = await Promise.all([Child.start(module), Child.start(module)])
  return { listener, dialer, address: await listener.call<string>('listen') }
}

async function endPair (pair: Pair): Promise<void> {
  await Promise.all([pair.listener.end(), pair.dialer.end()])
}

/** The peers take turns in every round, in an order that rotates: what disturbs the machine disturbs them all. */
export async function runRow (row: Row, peers: typeof PEERS, rounds: number, size: Size, progress: (line: string) => void): Promise<Result[]> {
  const values: Record<PeerId, number[][]> = { weir: [], js: [], limits: [] }
  const pairs = new Map<PeerId, Pair>()
  try {
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < peers.length; turn++) {
        const peer = peers[(round + turn) % peers.length]
        if (peer === undefined) continue
        let pair = pairs.get(peer.id)
        if (pair === undefined) {
          pair = await startPair(peer.module)
          pairs.set(peer.id, pair)
          // What the first run loads and compiles is nobody's speed.
          if (!row.freshProcesses) await row.measure(pair, size)
        }
        const measured = await row.measure(pair, size)
        values[peer.id].push(measured)
        progress(`${row.id} round ${round + 1}/${rounds} ${peer.name}: ${measured.map((value, index) => `${value.toFixed(1)} ${row.figures[index]?.unit}`).join(', ')}`)
        if (row.freshProcesses) {
          await endPair(pair)
          pairs.delete(peer.id)
        }
      }
    }
  } finally {
    await Promise.all([...pairs.values()].map(endPair))
  }
  return row.figures.map((figure, index) => ({
    figure,
    rounds: { weir: values.weir.map(at(index)), js: values.js.map(at(index)), limits: values.limits.map(at(index)) }
  }))
}

function at (index: number): (values: number[]) => number {
  return values => values[index] ?? Number.NaN
}
