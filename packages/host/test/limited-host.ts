import { assertScopesAtRest } from '@weir/compliance'
import type { ResourceManager, Stream } from '@weir/network'
import { buildLimits, createResourceManager, infiniteLimits, type PartialLimits } from '@weir/resource-manager'
import { ECHO_PROTOCOL, type Host, registerEcho } from '../src/index.ts'
import { ANY_PORT, tcpHost } from './host-pair.ts'

export interface LimitedHost extends AsyncDisposable {
  readonly host: Host
  readonly manager: ResourceManager
}

/** A host that listens and answers echo, with these limits and no other. Disposing fails unless everything is back at zero. */
export async function limitedHost (limits: PartialLimits = {}): Promise<LimitedHost> {
  const manager = createResourceManager({ limits: buildLimits(limits, infiniteLimits) })
  const owned = await tcpHost({}, { resourceManager: manager })
  registerEcho(owned.host)
  await owned.host.network.listen(ANY_PORT)
  await owned.host.start()
  return {
    host: owned.host,
    manager,
    async [Symbol.asyncDispose] () {
      await owned[Symbol.asyncDispose]()
      assertScopesAtRest(manager)
      await manager.close()
    }
  }
}

/** Several of them, ended together. */
export async function limitedHosts (count: number): Promise<AsyncDisposable & { readonly hosts: readonly Host[] }> {
  const all = await Promise.all(Array.from({ length: count }, () => limitedHost()))
  return {
    hosts: all.map(({ host }) => host),
    async [Symbol.asyncDispose] () {
      for (const one of all) await one[Symbol.asyncDispose]()
    }
  }
}

/** Opens an echo stream and waits until the other side's handler has it. Rejects when that is refused. */
export async function openEcho (from: Host, to: Host): Promise<Stream> {
  const stream = await from.newStream(to.peer, ECHO_PROTOCOL)
  await stream.write(Buffer.from('hello'))
  if (await stream.read() === undefined) throw new Error('the echo ended')
  return stream
}
