import assert from 'node:assert/strict'
import { seededRandom } from '@weir/compliance'
import { DialPriority } from '@weir/network'
import fc from 'fast-check'
import { DialLimiter, type DialTicket } from '../src/dial-limiter.ts'

/** A limiter whose jobs are names, and run until they are ended. */
class Jobs {
  readonly limiter: DialLimiter
  readonly ran: string[] = []
  readonly tickets = new Map<string, DialTicket>()

  constructor (maxFdDials: number, maxDialsPerPeer: number) {
    this.limiter = new DialLimiter({ maxFdDials, maxDialsPerPeer })
  }

  add (name: string, peer: string, { usesFd = true, priority = DialPriority.user }: { usesFd?: boolean, priority?: DialPriority } = {}): void {
    this.tickets.set(name, this.limiter.add({ peer, usesFd, priority, run: () => { this.ran.push(name) } }))
  }

  end (name: string): void {
    this.tickets.get(name)?.[Symbol.dispose]()
  }

  assertEmpty (): void {
    assert.deepEqual([this.limiter.fdDials, this.limiter.peers], [0, 0])
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

// limiter_test
describe('DialLimiter', () => {
  it('LimiterBasicDials: the fifth of a peer waits where four may run', () => {
    const jobs = new Jobs(16, 4)
    for (const index of range(6)) jobs.add(`${index}`, 'p')
    assert.deepEqual(jobs.ran, ['0', '1', '2', '3'])
    jobs.end('2')
    assert.deepEqual(jobs.ran, ['0', '1', '2', '3', '4'])
    for (const index of range(6)) jobs.end(`${index}`)
    assert.deepEqual(jobs.ran, ['0', '1', '2', '3', '4', '5'])
    jobs.assertEmpty()
  })

  it('FDLimiting: sixteen descriptors in use block the next, and nothing that takes none', () => {
    const jobs = new Jobs(16, 4)
    for (const index of range(16)) jobs.add(`${index}`, `p${index % 4}`)
    assert.equal(jobs.limiter.fdDials, 16)
    jobs.add('tcp', 'other')
    jobs.add('utp or relayed', 'other', { usesFd: false })
    assert.deepEqual(jobs.ran.slice(16), ['utp or relayed'])
    jobs.end('0')
    assert.deepEqual(jobs.ran.slice(16), ['utp or relayed', 'tcp'])
  })

  it('TokenRedistribution: one peer\'s ends make room for another who waits', () => {
    const jobs = new Jobs(4, 2)
    for (const peer of ['a', 'b']) for (const index of range(4)) jobs.add(`${peer}${index}`, peer)
    jobs.add('c0', 'c')
    assert.deepEqual(jobs.ran, ['a0', 'a1', 'b0', 'b1'])
    jobs.end('a0')
    assert.deepEqual(jobs.ran.slice(4), ['c0'], 'who waits for a descriptor goes before who waits for his own peer')
    jobs.end('a1')
    assert.deepEqual(jobs.ran.slice(5), ['a2'])
    for (const name of jobs.tickets.keys()) jobs.end(name)
    jobs.assertEmpty()
  })

  it('StressLimiter: twenty peers with 101 dials each, all run once and nothing is left', () => {
    const jobs = new Jobs(20, 5)
    const random = seededRandom(7)
    for (const index of range(101)) for (const peer of range(20)) jobs.add(`${peer}-${index}`, `p${peer}`)
    while (jobs.ran.length < 2_020 || jobs.limiter.peers > 0) {
      const running = jobs.ran.filter(name => jobs.tickets.has(name))
      const name = running[Math.floor(random() * running.length)] ?? assert.fail('nothing runs, and something waits')
      jobs.end(name)
      jobs.tickets.delete(name)
    }
    assert.equal(new Set(jobs.ran).size, 2_020)
    jobs.assertEmpty()
  }).timeout(20_000)

  it('FDLimitUnderflow: ending what waited, or twice, gives back nothing that was not taken', () => {
    const jobs = new Jobs(2, 2)
    for (const index of range(6)) jobs.add(`${index}`, `p${index}`)
    for (const index of [5, 3, 3, 0, 0, 2, 1, 1, 4]) jobs.end(`${index}`)
    assert.deepEqual(jobs.ran, ['0', '1', '2', '4'])
    jobs.assertEmpty()
  })

  it('gives a slot back at once when what waits is given up, by its peer or by its descriptor', () => {
    const jobs = new Jobs(1, 1)
    jobs.add('runs', 'a')
    jobs.add('waits for its peer', 'a')
    jobs.add('waits for a descriptor', 'b')
    jobs.add('waits behind', 'b', { usesFd: false })
    jobs.end('waits for a descriptor')
    assert.deepEqual(jobs.ran, ['runs', 'waits behind'])
    jobs.end('waits for its peer')
    jobs.end('runs')
    jobs.end('waits behind')
    jobs.assertEmpty()
  })

  it('lets users go first, also those who become some while they wait', () => {
    const jobs = new Jobs(1, 8)
    jobs.add('first', 'a')
    for (const name of ['b1', 'b2', 'b3']) jobs.add(name, name, { priority: DialPriority.background })
    jobs.add('user', 'c')
    jobs.tickets.get('b3')?.raise(DialPriority.user)
    for (const name of ['first', 'user', 'b3', 'b1', 'b2']) jobs.end(name)
    assert.deepEqual(jobs.ran, ['first', 'user', 'b3', 'b1', 'b2'])
    jobs.assertEmpty()
  })

  it('runs a long row of jobs that end at once without going deep', () => {
    const limiter = new DialLimiter({ maxFdDials: 1, maxDialsPerPeer: 1 })
    const first = limiter.add({ peer: 'first', usesFd: true, priority: DialPriority.user, run () {} })
    let ran = 0
    for (const index of range(20_000)) {
      const ticket: DialTicket = limiter.add({
        peer: `${index}`,
        usesFd: true,
        priority: DialPriority.user,
        run: () => {
          ran++
          ticket[Symbol.dispose]()
        }
      })
    }
    first[Symbol.dispose]()
    assert.deepEqual([ran, limiter.fdDials, limiter.peers], [20_000, 0, 0])
  })

  it('never runs more than it may, and never leaves room while one waits', () => {
    const step = fc.record({ end: fc.boolean(), pick: fc.nat(), peer: fc.nat(3), usesFd: fc.boolean(), user: fc.boolean() })
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const jobs = new Jobs(3, 2)
      const open = new Map<string, { peer: string, usesFd: boolean }>()
      steps.forEach(({ end, pick, peer, usesFd, user }, index) => {
        const name = end ? [...open.keys()][pick % Math.max(1, open.size)] : undefined
        if (name === undefined) {
          open.set(`${index}`, { peer: `${peer}`, usesFd })
          jobs.add(`${index}`, `${peer}`, { usesFd, priority: user ? DialPriority.user : DialPriority.background })
        } else {
          open.delete(name)
          jobs.end(name)
        }
        const running = [...open].filter(([name]) => jobs.ran.includes(name)).map(([, job]) => job)
        const waiting = [...open].filter(([name]) => !jobs.ran.includes(name)).map(([, job]) => job)
        const ofPeer = (peer: string): number => running.filter(job => job.peer === peer).length
        const fds = running.filter(job => job.usesFd).length
        assert.equal(jobs.limiter.fdDials, fds)
        assert(fds <= 3 && running.every(job => ofPeer(job.peer) <= 2))
        if (fds < 3) assert(waiting.every(job => ofPeer(job.peer) === 2), 'one waits for no reason')
      })
      for (const name of open.keys()) jobs.end(name)
      jobs.assertEmpty()
    }))
  })
})
