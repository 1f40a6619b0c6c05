import assert from 'node:assert/strict'
import { nullResourceManager } from '@weir/network'
import { applicable, recordingResourceManager, resourceManagerCases, type ResourceManagerSubject } from '../src/index.ts'
import { countingManager, type Mutant } from './counting-manager.ts'
import { failingCases } from './failing-cases.ts'

const nulls: ResourceManagerSubject = { create: () => nullResourceManager }
const counting: ResourceManagerSubject = { create: limits => countingManager(limits) }
const recorded: ResourceManagerSubject = { create: limits => recordingResourceManager([], countingManager(limits)) }

// Each way to break a manager, and one case that must find it.
const FOUND: Readonly<Record<Mutant, string>> = {
  'keeps what was refused above': 'reserveMemory of a stream, refused by memoryBytes of peer, charges nothing and explains itself',
  'forgets a parent on release': 'ending a connection gives everything back',
  'peer scope before setPeer': 'a connection has no peer scope before setPeer, and its peer\'s afterwards',
  'attaches twice': 'a second setPeer throws ScopeAttachedError, and the first stays',
  'works after its end': 'reserving in an ended connection throws ResourceScopeClosedError',
  'charges system twice': 'setPeer moves a connection with its memory from transient to its peer',
  'no rollback of setProtocol': 'setProtocol, refused by streams of protocol-peer, charges nothing and explains itself',
  'ends twice': 'ending a connection again is harmless',
  'takes any number': 'reserving NaN bytes is a RangeError and changes nothing',
  'border too high': 'of 4096 bytes, a priority may use up (1 + priority) / 256, rounded down, and not a byte more',
  'wrong scope in the refusal': 'openConnection, refused by conns of system, charges nothing and explains itself',
  'no hint': 'setService, refused by streams of service, charges nothing and explains itself',
  'stat after the end': 'ending a span of a peer gives everything back',
  'swallows the error of a view': 'viewPeer throws what its callback throws',
  'over-release takes from others': 'releasing more than was reserved takes nothing from others and makes no count negative',
  'fd always': 'a connection that takes no file descriptor counts none',
  'spans leak': 'spans count in what they are spans of, and give back at their end what they hold'
}

describe('the suite of resource managers', () => {
  for (const c of applicable(resourceManagerCases, { enforces: false })) it(`the Null: ${c.name}`, () => c.run(nulls))

  it('passes for a manager that enforces, bare and recorded', async () => {
    assert.deepEqual(await failingCases(resourceManagerCases, () => counting), [])
    assert.deepEqual(await failingCases(resourceManagerCases, () => recorded), [])
  })

  it('fails in more than its half for a Null that claims to enforce', async () => {
    assert((await failingCases(resourceManagerCases, () => nulls)).length > resourceManagerCases.length / 2)
  })

  for (const [mutant, name] of Object.entries(FOUND) as [Mutant, string][]) {
    it(`finds a manager that is broken: ${mutant}`, async () => {
      const failing = await failingCases(resourceManagerCases, () => ({ create: limits => countingManager(limits, mutant) }))
      assert(failing.includes(name), `failing were:\n${failing.join('\n')}`)
    })
  }

  it('has a name of its own for each case', () => {
    assert.equal(new Set(resourceManagerCases.map(({ name }) => name)).size, resourceManagerCases.length)
  })
})
