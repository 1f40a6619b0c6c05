import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { seededRandom } from '@weir/compliance'
import type { BasicGater } from '@weir/conn-gater'
import { ALLOW, ipAddressOf, type PeerRef } from '@weir/network'
import { type Blocklist, randomV4, randomV6 } from './blocklist.ts'
import { threadCpuMs } from './thread-cpu-ms.ts'

// Many more than the processor's caches hold the slots of.
const POOL_SIZE = 1 << 16

/** One thing to time. The index runs on from 0. */
export interface Check {
  readonly name: string
  /** What it has to say, if it says anything: a check that is wrong is not worth its time. */
  readonly denies: boolean | undefined
  /** It repeats itself after so many. */
  readonly poolSize: number
  run (index: number): unknown
}

function poolOf (poolSize: number, text: () => string): Multiaddr[] {
  return Array.from({ length: poolSize }, () => {
    const ip = text()
    return multiaddr(`/${ip.includes(':') ? 'ip6' : 'ip4'}/${ip}/tcp/4001`)
  })
}

/** What is timed of a gater that has the blocklist. */
export function checksOf (gater: BasicGater, { addrs, subnets }: Blocklist, poolSize: number = POOL_SIZE): Check[] {
  const pool = (text: () => string): Multiaddr[] => poolOf(poolSize, text)
  const random = seededRandom(2)
  const localMultiaddr = multiaddr('/ip4/203.0.113.1/tcp/4001')
  const peer: PeerRef = { type: 'Ed25519', toString: () => '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5' }
  const pick = (list: readonly string[]) => (): string => list[Math.floor(random() * list.length)] ?? ''
  const notListed = (make: (random: () => number) => string) => (): string => {
    for (;;) {
      const ip = make(random)
      if (gater.interceptAccept({ localMultiaddr, remoteMultiaddr: multiaddr(`/${ip.includes(':') ? 'ip6' : 'ip4'}/${ip}`) }) === ALLOW) return ip
    }
  }
  const isV6 = (text: string): boolean => text.includes(':')
  const parts = { v4: { hit: addrs.filter(text => !isV6(text)), in: subnets.filter(text => !isV6(text)), miss: randomV4 }, v6: { hit: addrs.filter(isV6), in: subnets.filter(isV6), miss: randomV6 } }
  const networkOf = (text: string): string => text.split('/')[0] ?? ''
  const accept = (name: string, denies: boolean, list: readonly Multiaddr[]): Check => ({ name, denies, poolSize, run: index => gater.interceptAccept({ localMultiaddr, remoteMultiaddr: list[index % poolSize] ?? localMultiaddr }) })
  const both = Object.entries(parts).flatMap(([version, part]) => {
    const missed = pool(notListed(part.miss))
    return [
      accept(`accept, ${version}, an address that is blocked`, true, pool(pick(part.hit))),
      accept(`accept, ${version}, in a subnet that is blocked`, true, pool(() => networkOf(pick(part.in)()))),
      accept(`accept, ${version}, neither`, false, missed),
      { name: `secured, ${version}, neither peer nor address`, denies: false, poolSize, run: (index: number) => gater.interceptSecured('inbound', peer, { localMultiaddr, remoteMultiaddr: missed[index % poolSize] ?? localMultiaddr }) },
      { name: `of it, ${version}: the IP from the multiaddr`, denies: undefined, poolSize, run: (index: number) => ipAddressOf(missed[index % poolSize] ?? localMultiaddr) },
      { name: `of that, ${version}: getComponents()`, denies: undefined, poolSize, run: (index: number) => missed[index % poolSize]?.getComponents() }
    ]
  })
  return [...both, { name: 'dial a peer that is not blocked', denies: false, poolSize, run: () => gater.interceptPeerDial(peer) }]
}

export interface CheckCost {
  /** On the clock. */
  readonly ns: number
  /** Of this thread's time on a processor: what others on the machine take does not count. */
  readonly cpuNs: number
}

/** What one takes. @throws when it gives a wrong answer */
export function timeCheck ({ name, denies, poolSize, run }: Check, durationMs: number): CheckCost {
  let index = 0
  for (; index < poolSize; index++) {
    if ((run(index) !== ALLOW) !== (denies ?? true)) throw new Error(`${name}: a wrong answer`)
  }
  const first = index
  const cpuStart = threadCpuMs()
  const start = performance.now()
  while (performance.now() - start < durationMs) {
    for (const end = index + 1_024; index < end; index++) run(index)
  }
  const count = index - first
  return { ns: (performance.now() - start) * 1e6 / count, cpuNs: (threadCpuMs() - cpuStart) * 1e6 / count }
}
