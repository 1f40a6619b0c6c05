import { CODE_DNS, CODE_DNS4, CODE_DNS6, CODE_DNSADDR, CODE_HTTPS, CODE_P2P_CIRCUIT, CODE_SNI, CODE_TLS, CODE_WSS, type Multiaddr } from '@multiformats/multiaddr'
import type { MultiaddrDNSResolver, PeerRef } from '@weir/network'
import type { AddrFailure } from './addr-failure.ts'
import { MAX_PARALLEL_RESOLUTIONS } from './defaults.ts'
import { AddrResolveError } from './dial-errors.ts'

export interface ResolveAddrsInit {
  readonly resolver: MultiaddrDNSResolver
  /** How many addresses may come out of all together. */
  readonly outputLimit: number
  /** How often one `/dnsaddr` may lead to another. */
  readonly recursionLimit: number
  /** When it is aborted, what is not resolved yet counts as failed. */
  readonly signal: AbortSignal
}

export interface ResolvedAddrs {
  readonly addrs: Multiaddr[]
  readonly failures: AddrFailure[]
}

type Step = (addr: Multiaddr, outputLimit: number) => Promise<Multiaddr[]>

/**
 * Puts addresses in the place of names: first what stands behind `/dnsaddr`, then each `/dns`, `/dns4` and `/dns6`.
 *
 * Left as they are: relayed addresses, since whoever dials the relay resolves its name, and those whose transport needs the
 * name, for a certificate.
 *
 * @see reference/go-libp2p.md 5.2, step 3
 */
export async function resolveAddrs (peer: PeerRef, addrs: readonly Multiaddr[], { resolver, outputLimit, recursionLimit, signal }: ResolveAddrsInit): Promise<ResolvedAddrs> {
  const failures: AddrFailure[] = []
  const pass = async (from: readonly Multiaddr[], hasName: (addr: Multiaddr) => boolean, step: Step): Promise<Multiaddr[]> => await resolvePass(from, hasName, step, { outputLimit, signal, failures })
  const groups = await pass(addrs, startsWithDnsaddr, async (addr, outputLimit) => await resolver.resolveDNSAddr(addr, { expectedPeer: peer, recursionLimit, outputLimit, signal }))
  const resolved = await pass(groups, hasNameToResolve, async (addr, outputLimit) => await resolver.resolveDNSComponent(addr, { outputLimit, signal }))
  return { addrs: resolved, failures }
}

// Those without a name take their places first: no name server can push them out.
async function resolvePass (from: readonly Multiaddr[], hasName: (addr: Multiaddr) => boolean, step: Step, { outputLimit, signal, failures }: { readonly outputLimit: number, readonly signal: AbortSignal, readonly failures: AddrFailure[] }): Promise<Multiaddr[]> {
  const named = from.filter(hasName)
  const out = from.filter(addr => !hasName(addr)).slice(0, outputLimit)
  const queue = named.values()
  const work = async (): Promise<void> => {
    for (const addr of queue) {
      const left = outputLimit - out.length
      if (left <= 0) return
      try {
        signal.throwIfAborted()
        const found = (await abortable(step(addr, left), signal)).slice(0, outputLimit - out.length)
        if (found.length === 0) throw new AddrResolveError(addr)
        out.push(...found)
      } catch (cause) {
        failures.push({ addr, cause: AddrResolveError.is(cause) ? cause : new AddrResolveError(addr, { cause }) })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(named.length, MAX_PARALLEL_RESOLUTIONS) }, work))
  return out
}

/** A resolver that does not listen to its signal holds nobody. */
async function abortable<T> (result: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => { reject(signal.reason) }
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([result, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function startsWithDnsaddr (addr: Multiaddr): boolean {
  return addr.getComponents()[0]?.code === CODE_DNSADDR
}

/** Whether an address has a name that we have to resolve, so that it can be dialled. */
function hasNameToResolve (addr: Multiaddr): boolean {
  const codes = new Set(addr.getComponents().map(({ code }) => code))
  if (codes.has(CODE_P2P_CIRCUIT) || codes.has(CODE_WSS) || codes.has(CODE_HTTPS)) return false
  if (codes.has(CODE_TLS) && !codes.has(CODE_SNI)) return false
  return codes.has(CODE_DNS) || codes.has(CODE_DNS4) || codes.has(CODE_DNS6)
}
