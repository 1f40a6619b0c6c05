import { checkOptions, YAMUX_INITIAL_WINDOW_BYTES } from '@weir/adapters'
import { type Clock, type Multiplexer, systemClock } from '@weir/network'
import { UINT32_MAX, YAMUX_DEFAULTS, type YamuxDefaults } from './defaults.ts'
import { YamuxConn } from './yamux-conn.ts'

/** Each number of `YAMUX_DEFAULTS`, and what is no number. */
export type YamuxInit = { readonly [K in keyof YamuxDefaults]?: YamuxDefaults[K] | undefined } & {
  /** Whether a remote that is silent for `keepAliveIntervalMs` is asked if it is there. On by default. */
  readonly enableKeepAlive?: boolean | undefined
  readonly clock?: Clock | undefined
}

/**
 * The multiplexer `/yamux/1.0.0`.
 *
 * Each stream reserves 256 KiB in the peer's scope when it opens, and more when its window grows; a refusal ends that
 * stream alone, or leaves the window as it is. All is given back with the stream.
 *
 * @throws {TypeError} for an unknown option @throws {RangeError} for a number that cannot be meant
 * @see the specification of Yamux; go-yamux's `Config`
 */
export function yamux (init: YamuxInit = {}): Multiplexer {
  const { maxIncomingStreams, ...rest } = init
  const { maxIncomingStreams: defaultStreams, ...defaults } = YAMUX_DEFAULTS
  const numbers = checkOptions('yamux', rest, defaults, ['enableKeepAlive', 'clock'])
  const checked = maxIncomingStreams === Infinity ? { maxIncomingStreams } : checkOptions('yamux', { maxIncomingStreams }, { maxIncomingStreams: defaultStreams })
  const limits = { ...numbers, ...checked }
  between('initialStreamWindowSizeBytes', limits.initialStreamWindowSizeBytes, YAMUX_INITIAL_WINDOW_BYTES, limits.maxStreamWindowSizeBytes)
  between('maxStreamWindowSizeBytes', limits.maxStreamWindowSizeBytes, YAMUX_INITIAL_WINDOW_BYTES, UINT32_MAX)
  between('maxMessageSizeBytes', limits.maxMessageSizeBytes, 1_024, UINT32_MAX)
  const { enableKeepAlive = true, clock = systemClock } = init
  if (typeof enableKeepAlive !== 'boolean') throw new TypeError(`yamux: enableKeepAlive must be true or false, got ${String(enableKeepAlive)}`)
  return {
    protocol: '/yamux/1.0.0',
    newConn: (conn, isServer, scope) => {
      try {
        return new YamuxConn(conn, { ...limits, enableKeepAlive, clock, isServer, scope })
      } catch (error) {
        conn.abort(error as Error)
        throw error
      }
    }
  }
}

function between (name: keyof YamuxDefaults, value: number, least: number, most: number): void {
  if (value < least || value > most) throw new RangeError(`yamux: ${name} must be from ${least} to ${most}, got ${value}`)
}
