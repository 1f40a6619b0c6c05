import { setTimeout } from 'node:timers/promises'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type Host, pings } from '@weir/host'
import type { PeerRef } from '@weir/network'
import type { Node } from '@weir/node'
import type { CommandContext } from './command-context.ts'
import { CLI_DEFAULTS } from './defaults.ts'
import { explain } from './explain.ts'
import type { Report } from './report.ts'
import { withPeer } from './with-peer.ts'

export interface PingCommandOptions {
  readonly count: number
  readonly psk?: string
}

/**
 * `weir ping`: pings a peer some times, once a second, and sums up. A signal ends it early, with what there is. It fails
 * when no ping was answered.
 */
export async function commandPing (address: Multiaddr, { count, psk }: PingCommandOptions, context: CommandContext): Promise<void> {
  const work = async ({ host }: Node, peer: PeerRef): Promise<void> => {
    const summary: Summary = { sent: 0, answered: 0, minMs: Infinity, totalMs: 0, maxMs: 0 }
    let failure: unknown
    for await (const outcome of pingOutcomes(host, peer, { count, stop: context.stop })) {
      summary.sent++
      tellOutcome(`${peer}`, summary.sent, outcome, context.report)
      if ('rttMs' in outcome) add(summary, outcome.rttMs)
      else failure = outcome.error
    }
    tellSummary(`${peer}`, summary, context.report)
    if (summary.answered === 0) throw failure
  }
  await withPeer({ what: 'ping', address, psk, work }, context)
}

interface Summary {
  sent: number
  answered: number
  minMs: number
  totalMs: number
  maxMs: number
}

type Outcome = { readonly rttMs: number } | { readonly error: unknown }

async function * pingOutcomes (host: Host, peer: PeerRef, { count, stop }: { count: number, stop: AbortSignal }): AsyncGenerator<Outcome> {
  const start = (): AsyncGenerator<number> => pings(host, peer, { signal: stop, timeoutMs: CLI_DEFAULTS.pingTimeoutMs })
  let stream = start()
  try {
    for (let n = 0; n < count; n++) {
      if (n > 0) await setTimeout(CLI_DEFAULTS.pingIntervalMs, undefined, { signal: stop })
      try {
        yield { rttMs: (await stream.next()).value }
      } catch (error) {
        if (stop.aborted) return
        yield { error }
        stream = start() // one that threw has ended
      }
    }
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    await stream.return(undefined)
  }
}

function tellOutcome (peer: string, n: number, outcome: Outcome, report: Report): void {
  if ('rttMs' in outcome) report.tell('ping', { peer, n, rttMs: outcome.rttMs }, `${n}: ${inMs(outcome.rttMs)}`)
  else report.complain('ping-failed', { peer, n, message: explain(outcome.error) }, `${n}: ${explain(outcome.error)}`)
}

function add (summary: Summary, rttMs: number): void {
  summary.answered++
  summary.minMs = Math.min(summary.minMs, rttMs)
  summary.totalMs += rttMs
  summary.maxMs = Math.max(summary.maxMs, rttMs)
}

function tellSummary (peer: string, { sent, answered, minMs, totalMs, maxMs }: Summary, report: Report): void {
  const text = `${answered} of ${sent} pings to ${peer} answered`
  if (answered === 0) {
    report.tell('ping-summary', { peer, sent, answered }, text)
    return
  }
  const averageMs = totalMs / answered
  report.tell('ping-summary', { peer, sent, answered, minMs, averageMs, maxMs }, `${text}: fastest ${inMs(minMs)}, average ${inMs(averageMs)}, slowest ${inMs(maxMs)}`)
}

function inMs (ms: number): string {
  return `${ms.toFixed(2)} ms`
}
