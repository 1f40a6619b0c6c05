import type { Running } from './checks.ts'
import { PeerProcess, type Started } from './peer-process.ts'
import { PEER_NAMES, type PeerKind, peerCommand } from './peers.ts'

export interface StartPair {
  readonly dialer: PeerKind
  readonly listener: PeerKind
  readonly goBinary: () => string
  /** Key file texts; the same one twice, unless a mismatch is what is tested. */
  readonly dialerPsk?: string | undefined
  readonly listenerPsk?: string | undefined
}

/** Starts both processes. When one does not start, both are ended. */
export async function startPair ({ dialer, listener, goBinary, dialerPsk, listenerPsk }: StartPair): Promise<Running> {
  const running = [new PeerProcess(`dialer (${PEER_NAMES[dialer]})`, peerCommand(dialer, goBinary)), new PeerProcess(`listener (${PEER_NAMES[listener]})`, peerCommand(listener, goBinary))] as const
  try {
    const [dialerIs, listenerIs] = await Promise.all([running[0].ask<Started>('start', { psk: dialerPsk }), running[1].ask<Started>('start', { psk: listenerPsk })])
    return { dialer: running[0], listener: running[1], dialerIs, listenerIs }
  } catch (error) {
    await Promise.all(running.map(peer => peer.end()))
    throw error
  }
}
