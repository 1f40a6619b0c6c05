import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { METRICS_SERVER_DEFAULTS } from './defaults.ts'
import { MetricsServerError } from './errors.ts'
import type { MetricsAddress } from './metrics-address.ts'

/** Serves metrics until it is disposed, which cuts its clients off. */
export interface MetricsServer extends AsyncDisposable {
  /** What a scraper is to be told, with the port that came of 0. */
  readonly url: string
}

export interface ServeMetricsInit extends MetricsAddress, Partial<Pick<typeof METRICS_SERVER_DEFAULTS, 'maxConnections' | 'requestTimeoutMs' | 'idleMs'>> {
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>
  /** A scrape failed, and was answered with 500. @defaultValue nobody is told */
  readonly onError?: ((error: unknown) => void) | undefined
}

/**
 * Answers `GET /metrics` over HTTP, and nothing else. There is no encryption and nobody is asked who he is: leave it on this machine, or put it behind
 * something that asks. What clients can use is bounded by {@link METRICS_SERVER_DEFAULTS}. It keeps no process alive.
 *
 * @throws {MetricsServerError} when the address does not work
 */
export async function serveMetrics ({ host, port, registry, onError = () => {}, ...bounds }: ServeMetricsInit): Promise<MetricsServer> {
  const { maxHeaderBytes, requestTimeoutMs, idleMs, maxConnections, path } = { ...METRICS_SERVER_DEFAULTS, ...bounds }
  const server = createServer({ maxHeaderSize: maxHeaderBytes, headersTimeout: requestTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: idleMs, connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 5) }, (request, response) => {
    void answer(request, response, registry).catch((error: unknown) => {
      onError(error)
      refuse(response, 500, 'the metrics could not be collected')
    })
  })
  server.maxConnections = maxConnections
  server.timeout = idleMs
  try {
    await listen(server, host, port)
  } catch (cause) {
    server.close()
    throw new MetricsServerError(host, port, { cause })
  }
  server.unref()
  const bound = (server.address() as AddressInfo).port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}${path}`,
    async [Symbol.asyncDispose] () {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    }
  }
}

async function listen (server: Server, host: string, port: number): Promise<void> {
  const listening = once(server, 'listening')
  server.listen({ host, port })
  await listening
  server.on('error', () => {}) // one client that cannot be accepted, as when descriptors run out: the next may
}

async function answer (request: IncomingMessage, response: ServerResponse, registry: ServeMetricsInit['registry']): Promise<void> {
  if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET')
    refuse(response, 405, 'metrics can only be read')
    return
  }
  if (request.url?.split('?', 1)[0] !== METRICS_SERVER_DEFAULTS.path) {
    refuse(response, 404, `metrics are at ${METRICS_SERVER_DEFAULTS.path}`)
    return
  }
  const text = await registry.metrics()
  response.writeHead(200, { 'Content-Type': registry.contentType }).end(text)
}

/** The connection ends with it: what a client sends that is refused is not read. */
function refuse (response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Connection': 'close' }).end(`${why}\n`)
}
