import type { Transport } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'

/** A transport that says what it can dial, and dials nothing. */
export function fakeTransport (canDial: (addr: string) => boolean): Transport {
  return { dialFilter: (addrs: { toString (): string }[]) => addrs.filter(addr => canDial(addr.toString())) } as unknown as Transport
}

export const ANYTHING = fakeTransport(() => true)

export const addrsOf = (...texts: string[]): ReturnType<typeof multiaddr>[] => texts.map(text => multiaddr(text))
