import type { PeerRef } from '@weir/network'
import { leastOf, measureOperation, type OperationCost, tail, threadCpuMs, timeMs } from './measure.ts'
import type { ConnManagerOptions } from './options.ts'
import { peerOf, Subject } from './subject.ts'

const GRACE_MS = 60_000

/** The best of the rounds, and the one in the middle. */
export interface TrimLine {
  readonly name: string
  readonly bestMs: number
  readonly medianMs: number
  /** Of the thread's time on a processor; `undefined` where the system does not tell. */
  readonly bestCpuMs: number | undefined
  readonly medianCpuMs: number | undefined
}

export interface OperationLine extends OperationCost {
  readonly name: string
}

/** Trims a tenth of all connections, with a new manager in each round. */
export async function runTrims ({ rounds, conns }: ConnManagerOptions): Promise<TrimLine[]> {
  const lines: TrimLine[] = []
  const marks = { lowWater: conns * 0.9, highWater: conns }
  for (const kind of ['trimOpenConns', 'forceTrim', 'explain'] as const) {
    const times: number[] = []
    const cpuTimes: number[] = []
    for (let round = 0; round < rounds; round++) {
      const subject = new Subject(conns, marks)
      globalThis.gc?.()
      let report: unknown
      const cpuMs = threadCpuMs()
      times.push(timeMs(() => { report = subject.manager[kind]() }))
      if (cpuMs !== undefined) cpuTimes.push((threadCpuMs() ?? cpuMs) - cpuMs)
      await report
      const left = kind === 'explain' ? conns : conns * 0.9
      if (subject.manager.info().numConns !== left) throw new Error(`${kind} left ${subject.manager.info().numConns} of ${conns}`)
      await subject.close()
    }
    lines.push({ name: `${kind}, ${kind === 'explain' ? 'of' : `${conns / 10} of`} ${conns}`, bestMs: quantile(times, 0) ?? 0, medianMs: quantile(times, 0.5) ?? 0, bestCpuMs: quantile(cpuTimes, 0), medianCpuMs: quantile(cpuTimes, 0.5) })
  }
  return lines
}

function quantile (values: readonly number[], q: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * q)]
}

/** What operations cost among many peers. */
export async function runOperations ({ rounds, peers: count, operations }: ConnManagerOptions, progress: (line: string) => void): Promise<OperationLine[]> {
  const subject = new Subject(count, { lowWater: 0, highWater: 0, gracePeriodMs: GRACE_MS, maxProtectedPeers: count })
  const decay = decayTurns(subject, rounds)
  subject.renew()
  const { manager, peers } = subject
  const peer = (n: number): PeerRef => peers[n % count] as PeerRef
  const unknown = Array.from({ length: count * 2 }, (_, n) => peerOf(count + n))
  const rows: [name: string, operation: (n: number) => void][] = [
    ['nothing: what the machine adds', () => {}],
    ['tagPeer, one that is there', n => { manager.tagPeer(peer(n), 'bench:tag', n % 100) }],
    ['tagPeer and untagPeer, a new one', n => { manager.tagPeer(peer(n), 'bench:new', 1); manager.untagPeer(peer(n), 'bench:new') }],
    ['upsertTag', n => { manager.upsertTag(peer(n), 'bench:tag', value => value + 1) }],
    ['bump of a decaying tag', n => { subject.bump(n) }],
    ['tagInfo', n => { manager.tagInfo(peer(n)) }],
    ['protect and unprotect', n => { manager.protect(peer(n), 'bench'); manager.unprotect(peer(n), 'bench') }],
    ['disconnected and connected', n => { subject.disconnect(n); subject.connect(n) }],
    [`tagPeer of one who is not connected, ${count.toLocaleString('en')} such`, n => { manager.tagPeer(unknown[n % unknown.length] as PeerRef, 'bench:tag', 1) }],
    ['makeRoom, all in grace', n => { subject.makeRoom(n) }],
    ['info', () => { manager.info() }]
  ]
  const lines: OperationLine[] = []
  for (const [name, operation] of rows) {
    progress(name)
    lines.push({ name, ...await measureOperation(operation, operations, rounds) })
  }
  subject.clock.advance(GRACE_MS)
  progress('makeRoom')
  lines.push({ name: 'makeRoom and connected, one is ended', ...await measureOperation(n => { if (subject.makeRoom(n)) subject.arrive(n) }, operations / 30, rounds) }, decay)
  await subject.close()
  return lines
}

// Each turn of a tick is one operation, each tick a round.
function decayTurns ({ clock, manager, peers }: Subject, rounds: number): OperationLine {
  const ticks = Array.from({ length: rounds + 1 }, () => {
    const times: number[] = []
    clock.advance(60_000)
    for (let due = clock.takeDue(); due !== undefined; due = clock.takeDue()) times.push(timeMs(due))
    times.sort((a, b) => a - b)
    return { meanNs: times.reduce((a, b) => a + b, 0) * 1e6 / times.length, ...tail(times), worstOwnMs: times.at(-1) ?? 0 }
  }).slice(1)
  if (manager.tagInfo(peers[0] as PeerRef)?.tags.get('bench:decaying') !== 1_000_000 - rounds - 1) throw new Error('the values have not decayed')
  return { name: `one turn of a decay tick over ${peers.length.toLocaleString('en')} values`, ...leastOf(ticks) }
}
