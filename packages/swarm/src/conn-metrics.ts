import type { Clock } from '@weir/network'
import { ConnSeries } from './conn-series.ts'
import { connTransportLabel, ipVersionLabel, keyTypeLabel } from './metric-labels.ts'
import type { SwarmConn } from './swarm-conn.ts'
import type { ConnLabels, SwarmMetrics } from './swarm-metrics.ts'

interface KeyTypeCount {
  readonly dir: ConnLabels['dir']
  readonly keyType: string
  count: number
}

/**
 * Counts connections by their kind. The kinds are those of our own transports, encrypters and muxers, so there are few: looking through
 * them is faster than making a key, and allocates nothing.
 */
export class ConnMetrics {
  readonly #clock: Clock
  readonly #series: ConnSeries[] = []
  readonly #keyTypes: KeyTypeCount[] = []

  constructor (clock: Clock) {
    this.#clock = clock
  }

  opened (conn: SwarmConn): void {
    this.#seriesOf(conn).opened++
    const { direction: dir } = conn
    const keyType = keyTypeLabel(conn.remotePublicKey.type)
    let count = this.#keyTypes.find(each => each.dir === dir && each.keyType === keyType)
    if (count === undefined) {
      count = { dir, keyType, count: 0 }
      this.#keyTypes.push(count)
    }
    count.count++
  }

  /** It was dialled here, and is upgraded. */
  handshaken (conn: SwarmConn, elapsedMs: number): void {
    this.#seriesOf(conn).handshaken(elapsedMs)
  }

  closed (conn: SwarmConn): void {
    this.#seriesOf(conn).ended(this.#clock.monotonicMs() - conn.openedMonotonicMs)
  }

  snapshot (): Pick<SwarmMetrics, 'conns' | 'keyTypes'> {
    return { conns: this.#series.map(series => series.snapshot()), keyTypes: this.#keyTypes.map(count => ({ ...count })) }
  }

  #seriesOf (conn: SwarmConn): ConnSeries {
    conn.series ??= this.#find(conn)
    return conn.series
  }

  #find (conn: SwarmConn): ConnSeries {
    const { streamMultiplexer: muxer, security, usedEarlyMuxerNegotiation } = conn.connState()
    const addr = conn.remoteMultiaddr // the local one is often unknown, and of the same family
    const transport = connTransportLabel(addr)
    const ipVersion = ipVersionLabel(addr)
    const early = usedEarlyMuxerNegotiation ? 'true' : 'false'
    for (const series of this.#series) {
      const { labels } = series
      if (labels.dir === conn.direction && labels.transport === transport && labels.security === security && labels.muxer === muxer && labels.early_muxer === early && labels.ip_version === ipVersion) return series
    }
    const series = new ConnSeries({ dir: conn.direction, transport, security, muxer, early_muxer: early, ip_version: ipVersion })
    this.#series.push(series)
    return series
  }
}
