import { hasCode } from '@weir/network'

/** It does not say where metrics are to be served. */
export class InvalidMetricsAddressError extends Error {
  override readonly name = 'InvalidMetricsAddressError'
  readonly code = 'INVALID_METRICS_ADDRESS'
  readonly address: string

  constructor (address: string, options?: ErrorOptions) {
    super(`${JSON.stringify(address)} is no address to serve metrics on: give a port, or a host and a port such as 127.0.0.1:9090 or [::1]:9090`, options)
    this.address = address
  }

  static is (error: unknown): error is InvalidMetricsAddressError {
    return hasCode(error, 'INVALID_METRICS_ADDRESS')
  }
}

/** Metrics cannot be served at an address. */
export class MetricsServerError extends Error {
  override readonly name = 'MetricsServerError'
  readonly code = 'METRICS_SERVER'
  readonly host: string
  readonly port: number

  constructor (host: string, port: number, options?: ErrorOptions) {
    super(`metrics cannot be served on ${host} port ${port}${options?.cause instanceof Error ? `: ${options.cause.message}` : ''}`, options)
    this.host = host
    this.port = port
  }

  static is (error: unknown): error is MetricsServerError {
    return hasCode(error, 'METRICS_SERVER')
  }
}
