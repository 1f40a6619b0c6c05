import { METRICS_SERVER_DEFAULTS } from './defaults.ts'
import { InvalidMetricsAddressError } from './errors.ts'

export interface MetricsAddress {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
}

/**
 * Where to serve metrics, as people write it: `9090`, `:9090`, `127.0.0.1:9090`, `[::1]:9090`, `localhost:9090`. Without a host it is this machine alone;
 * `0.0.0.0:9090` is everybody.
 *
 * @throws {InvalidMetricsAddressError} for what is none
 */
export function parseMetricsAddress (text: string): MetricsAddress {
  const [, ip6, name, digits = ''] = /^(?:\[([0-9a-f:.]+)\]:|([a-z0-9.-]*):)?(\d{1,5})$/i.exec(text) ?? []
  const port = digits === '' ? Number.NaN : Number(digits)
  if (!(port <= 65_535)) throw new InvalidMetricsAddressError(text)
  return { host: ip6 ?? (name === undefined || name === '' ? METRICS_SERVER_DEFAULTS.host : name), port }
}
