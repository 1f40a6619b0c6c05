import type { Stream } from '@weir/network'
import { ECHO_DEFAULTS } from './defaults.ts'
import type { Host } from './host.ts'

/** The protocol of echo: every byte comes back, then the end. */
export const ECHO_PROTOCOL = '/weir/echo/1.0.0'

async function echo (host: Host, stream: Stream): Promise<void> {
  stream.scope.setService('weir.echo')
  const stayAlive = (): void => { stream.setDeadline(host.clock.monotonicMs() + ECHO_DEFAULTS.idleMs) }
  stayAlive()
  // Nothing is read before what was read is on its way back: a remote that takes nothing cannot fill our memory.
  for await (const bytes of stream) {
    await stream.write(bytes)
    stayAlive()
  }
  await stream.close()
}

/**
 * Sends back what remotes send, as fast as they take it; a stream on which nothing moves for 30 seconds is reset.
 *
 * @returns what ends it
 */
export function registerEcho (host: Host): Disposable {
  host.setStreamHandler(ECHO_PROTOCOL, async stream => { await echo(host, stream) })
  return { [Symbol.dispose]: () => { host.removeStreamHandler(ECHO_PROTOCOL) } }
}
