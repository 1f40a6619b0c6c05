import { isIP } from 'node:net'
import type { DNS } from '@multiformats/dns'
import { CODE_DNS, CODE_DNS4, CODE_DNS6, CODE_DNSADDR, type Component, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { MultiaddrDNSResolver, ResolveDNSAddrOptions, ResolveDNSComponentOptions } from '@weir/network'
import { MAX_DNS_ANSWER_LENGTH, MAX_DNSADDR_QUESTIONS } from './defaults.ts'
import { peerIn } from './peer-in-addr.ts'

// The numbers of DNS itself: taking the library's enumeration would load its resolvers where only its type is needed.
const RECORD = { a: 1, txt: 16, aaaa: 28 } as const

// Kept for such use by RFC 6761, RFC 6762 and ICANN.
const OWN_DOMAINS: ReadonlySet<string> = new Set(['localhost', 'local', 'internal', 'test'])

export interface DNSResolverInit {
  /** Who asks the name servers, as `dns()` of `@multiformats/dns` gives it. It caches, and its cache has a bound. */
  readonly dns: DNS
}

/**
 * Resolves the names in addresses with `@multiformats/dns`.
 *
 * What comes from a name server is anybody's: an answer that is none is passed over, one `/dnsaddr` leads to a bounded
 * number of questions, and entries of other peers are left out.
 *
 * Names without a dot, and those under `localhost`, `local`, `internal` and `test`, are left as they are: the transport asks this
 * machine, whose file of hosts may know them. It is not asked for any other name.
 *
 * It sets no deadline: its caller's signal does.
 *
 * @see reference/go-libp2p.md 5.1, "max resolved addresses / dnsaddr recursion"
 */
export function createDNSResolver ({ dns }: DNSResolverInit): MultiaddrDNSResolver {
  const ask = async (name: string, type: number, signal: AbortSignal | undefined): Promise<string[]> => {
    const response = await dns.query(name, { types: [type], ...(signal === undefined ? {} : { signal }) })
    return response.Answer.flatMap(answer => answer.type === type && typeof answer.data === 'string' && answer.data.length <= MAX_DNS_ANSWER_LENGTH ? [answer.data] : [])
  }
  return {
    resolveDNSAddr: async (addr, options) => await resolveDNSAddr(addr, options, { asked: 0, ask }),
    resolveDNSComponent: async (addr, options) => await resolveDNSComponent(addr, options, ask)
  }
}

type Ask = (name: string, type: number, signal: AbortSignal | undefined) => Promise<string[]>

async function resolveDNSAddr (addr: Multiaddr, options: ResolveDNSAddrOptions, questions: { asked: number, readonly ask: Ask }): Promise<Multiaddr[]> {
  const { expectedPeer, outputLimit } = options
  const out: Multiaddr[] = []
  // Breadth first: a branch that leads on and on starves no other.
  let level = [addr]
  for (let depth = 0; level.length > 0; depth++) {
    const next: Multiaddr[] = []
    for (const each of level) {
      const name = dnsaddrName(each)
      if (name === undefined) out.push(each)
      if (out.length >= outputLimit) return out
      if (name === undefined || depth >= options.recursionLimit || questions.asked >= MAX_DNSADDR_QUESTIONS) continue
      options.signal?.throwIfAborted()
      questions.asked++
      next.push(...await entriesOf(name, each, questions.ask, options).catch((error: unknown) => {
        if (depth === 0) throw error // the others are worth having without it
        return []
      }))
    }
    level = next.filter(each => expectedPeer === undefined || [undefined, expectedPeer.toString()].includes(peerIn(each)))
  }
  return out
}

/** What the records behind one `/dnsaddr` say; those that do not end as it does are not meant. */
async function entriesOf (name: string, addr: Multiaddr, ask: Ask, { outputLimit, signal }: ResolveDNSAddrOptions): Promise<Multiaddr[]> {
  const suffix = textOf(addr.getComponents().slice(1))
  const texts = await ask(`_dnsaddr.${name}`, RECORD.txt, signal)
  const entries = texts.flatMap(text => {
    const found = /^"?dnsaddr=([^"]*)"?$/.exec(text.trim())?.[1]
    return found === undefined || !found.endsWith(suffix) ? [] : parsed(found)
  })
  return entries.slice(0, outputLimit)
}

async function resolveDNSComponent (addr: Multiaddr, { outputLimit, signal }: ResolveDNSComponentOptions, ask: Ask): Promise<Multiaddr[]> {
  const components = addr.getComponents()
  const index = components.findIndex(({ code }) => code === CODE_DNS || code === CODE_DNS4 || code === CODE_DNS6)
  const component = components[index]
  if (component?.value === undefined || isOfThisMachine(component.value)) return [addr]
  const types = component.code === CODE_DNS4 ? [RECORD.a] : component.code === CODE_DNS6 ? [RECORD.aaaa] : [RECORD.a, RECORD.aaaa]
  const name = component.value
  // Each on its own: most names have only one kind, and the other's failure says nothing.
  const answers = await Promise.allSettled(types.map(async type => await ask(name, type, signal)))
  const [before, after] = [textOf(components.slice(0, index)), textOf(components.slice(index + 1))]
  const out = answers.flatMap((answer, which) => answer.status === 'rejected' ? [] : answer.value.flatMap(ip => {
    const version = types[which] === RECORD.a ? 4 : 6
    return isIP(ip) === version ? parsed(`${before}/ip${version}/${ip}${after}`) : []
  }))
  const failed = answers.find(answer => answer.status === 'rejected')
  if (out.length === 0 && failed !== undefined) throw failed.reason
  return out.slice(0, outputLimit)
}

/** Names that no public name server answers for: the machine's own, which the transport asks for them. */
function isOfThisMachine (name: string): boolean {
  const labels = name.split('.').filter(label => label !== '')
  return labels.length < 2 || OWN_DOMAINS.has(labels.at(-1)?.toLowerCase() ?? '')
}

function dnsaddrName (addr: Multiaddr): string | undefined {
  const [first] = addr.getComponents()
  return first?.code === CODE_DNSADDR ? first.value : undefined
}

function parsed (text: string): Multiaddr[] {
  try {
    const addr = multiaddr(text)
    return addr.getComponents().length === 0 ? [] : [addr]
  } catch {
    return []
  }
}

function textOf (components: Component[]): string {
  return components.length === 0 ? '' : multiaddr(components).toString()
}
