import { memory } from '@libp2p/memory'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Transport } from '@libp2p/interface'
import type { TransportFactory } from '../src/index.ts'

type Dial = Transport['dial']

/** A transport whose dials do as `dial` says, which may hand them on: to the memory transport, whatever address was dialled. */
export function scriptedTransport (dial: (addr: Multiaddr, options: Parameters<Dial>[1], handOn: Dial) => Promise<unknown>, { canDial = () => true }: { canDial?: (addr: string) => boolean } = {}): TransportFactory {
  return components => {
    const inner = memory()(components)
    return {
      [Symbol.toStringTag]: '@weir/scripted',
      dial: async (addr: Multiaddr, options: Parameters<Dial>[1]) => await dial(addr, options, async (to, options) => await inner.dial(to, options)) as never,
      dialFilter: (addrs: Multiaddr[]) => addrs.filter(addr => canDial(addr.toString())),
      listenFilter: (addrs: Multiaddr[]) => inner.listenFilter(addrs),
      createListener: (options: Parameters<Transport['createListener']>[0]) => inner.createListener(options)
    } as unknown as Transport
  }
}

/** Until it is aborted, and then it rejects. */
export async function hang ({ signal }: { readonly signal?: AbortSignal | undefined }): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const onAbort = (): void => { reject(signal?.reason) }
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort)
  })
}

/** For ever, whatever its signal says. */
export async function neverEnds (): Promise<never> {
  return await new Promise(() => {})
}
