import { addNamespace, deleteNamespaces, killIn, run, setSysctl, staleNamespaces } from './namespaces.ts'

/** A host of a test: a network namespace that is joined to the router and to nothing else. */
export interface TestHost {
  readonly ip4: string
  readonly ip6: string
  /** The command line that runs another one on this host. */
  command (command: readonly string[]): string[]
  /** Pulls the cable out at the router, or puts it back: addresses and routes stay. */
  setLink (state: 'up' | 'down'): void
  /** From now on the router drops without a word what is sent to this host's address of that version; other addresses stay. */
  blackhole (version: 4 | 6): void
  /** From now on this host has no way to that address, and knows it. */
  loseRoute (address: string): void
}

/** What a link does to what is sent on it. */
export interface Impairment {
  readonly delayMs: number
  /** Of the packets, 0..100. */
  readonly lossPercent: number
}

/** The host's end of each link. The router's are named by the host's number. */
const UPLINK = 'uplink'

let made = 0

/**
 * Hosts on links of their own to a router that forwards, all in network namespaces of Linux that are made here: nothing of it can
 * be reached from outside, nor reach anything. Host i of subnet s has 10.77.s.x, and fd77:0:s:i::2: hosts of one subnet share an
 * IPv4 /24 and an IPv6 /56, those of two subnets not even a /48. Disposing kills what still runs there and removes everything.
 */
export class TestHosts<Subnets extends readonly number[] = readonly number[]> implements AsyncDisposable {
  readonly hosts: { readonly [I in keyof Subnets]: TestHost }
  readonly #router: string
  readonly #names: readonly string[]

  /** @param subnets - one host for each, in 1..254 @throws {Error} with what `ip` says, and leaves nothing behind */
  constructor (...subnets: Subnets) {
    deleteNamespaces(staleNamespaces())
    const prefix = `weir-${process.pid}-${made++}`
    this.#router = `${prefix}-router`
    this.#names = [this.#router, ...subnets.map((_, index) => `${prefix}-${index}`)]
    try {
      for (const name of this.#names) addNamespace(name)
      setSysctl(this.#router, 'net/ipv4/ip_forward', 1)
      setSysctl(this.#router, 'net/ipv6/conf/all/forwarding', 1)
      setSysctl(this.#router, 'net/ipv6/conf/all/keep_addr_on_down', 1)
      this.hosts = subnets.map((subnet, index) => this.#join(`${prefix}-${index}`, subnet, index)) as unknown as typeof this.hosts
    } catch (error) {
      deleteNamespaces(this.#names)
      throw error
    }
  }

  /** Delays and loses on the way out of every host. @returns why not, where `tc` does not allow it */
  impair ({ delayMs, lossPercent }: Impairment): string | undefined {
    try {
      for (const name of this.#names) {
        if (name !== this.#router) run('tc', '-n', name, 'qdisc', 'add', 'dev', UPLINK, 'root', 'netem', 'delay', `${delayMs}ms`, 'loss', `${lossPercent}%`)
      }
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await killIn(this.#names)
    deleteNamespaces(this.#names)
  }

  #join (name: string, subnet: number, index: number): TestHost {
    const router = this.#router
    const port = `host${index}`
    const ip4 = `10.77.${subnet}.${4 * index + 2}`
    const ip6 = `fd77:0:${subnet}:${index}::2`
    const gateway4 = `10.77.${subnet}.${4 * index + 1}`
    const gateway6 = `fd77:0:${subnet}:${index}::1`
    run('ip', '-n', router, 'link', 'add', port, 'type', 'veth', 'peer', 'name', UPLINK, 'netns', name)
    // Without waiting for whoever else might have the address: there is nobody.
    for (const [namespace, device, at4, at6] of [[router, port, gateway4, gateway6], [name, UPLINK, ip4, ip6]] as const) {
      run('ip', '-n', namespace, 'address', 'add', `${at4}/30`, 'dev', device)
      run('ip', '-n', namespace, 'address', 'add', `${at6}/64`, 'dev', device, 'nodad')
      run('ip', '-n', namespace, 'link', 'set', device, 'up')
    }
    run('ip', '-n', name, 'route', 'add', 'default', 'via', gateway4)
    run('ip', '-n', name, '-6', 'route', 'add', 'default', 'via', gateway6)
    return {
      ip4,
      ip6,
      command: command => ['ip', 'netns', 'exec', name, ...command],
      setLink: state => { run('ip', '-n', router, 'link', 'set', port, state) },
      blackhole: version => { run('ip', '-n', router, 'route', 'add', 'blackhole', version === 4 ? `${ip4}/32` : `${ip6}/128`) },
      loseRoute: address => { run('ip', '-n', name, 'route', 'add', 'unreachable', address) }
    }
  }
}
