import type { Running } from './checks.ts'
import { PeerProcess, type Started } from './peer-process.ts'
import { PEER_NAMES, type PeerKind, peerCommand } from './peers.ts'
import type { TestHost } from './test-hosts.ts'

export interface StartPair {
  readonly dialer: PeerKind
  readonly listener: PeerKind
  readonly goBinary: () => string
  /** Key file texts; the same one twice, unless a mismatch is what is tested. */
  readonly dialerPsk?: string | undefined
  readonly listenerPsk?: string | undefined
  /** Where they run. @defaultValue beside this process, on 127.0.0.1 */
  readonly hosts?: { readonly dialer: TestHost, readonly listener: TestHost } | undefined
  /** @defaultValue that of `PeerProcess` */
  readonly answerWithinMs?: number | undefined
}

/** Go's part of the wait for an answer: it gives up first, and says at what. */
const GO_WAITS_RATIO = 5 / 6

/** Starts both processes. When one does not start, both are ended. */
export async function startPair ({ dialer, listener, goBinary, dialerPsk, listenerPsk, hosts, answerWithinMs }: StartPair): Promise<Running> {
  const commandTimeoutMs = answerWithinMs === undefined ? undefined : Math.round(answerWithinMs * GO_WAITS_RATIO)
  const open = (role: 'dialer' | 'listener', kind: PeerKind): PeerProcess => {
    const command = peerCommand(kind, goBinary)
    return new PeerProcess(`${role} (${PEER_NAMES[kind]})`, hosts?.[role].command(command) ?? command, { answerWithinMs })
  }
  const start = async (peer: PeerProcess, role: 'dialer' | 'listener', psk: string | undefined): Promise<Started> => {
    const listen = hosts === undefined ? undefined : [`/ip4/${hosts[role].ip4}/tcp/0`]
    return await peer.ask<Started>('start', { psk, listen, commandTimeoutMs })
  }
  const running = [open('dialer', dialer), open('listener', listener)] as const
  try {
    const [dialerIs, listenerIs] = await Promise.all([start(running[0], 'dialer', dialerPsk), start(running[1], 'listener', listenerPsk)])
    return { dialer: running[0], listener: running[1], dialerIs, listenerIs }
  } catch (error) {
    await Promise.all(running.map(peer => peer.end()))
    throw error
  }
}
