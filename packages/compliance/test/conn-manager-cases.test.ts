import assert from 'node:assert/strict'
import { nullConnManager } from '@weir/network'
import { applicable, connManagerCases } from '../src/index.ts'
import { failingCases } from './failing-cases.ts'
import { type ConnMutant, taggingConnManager } from './tagging-conn-manager.ts'

// Each way to break a manager, and one case that must find it.
const FOUND: Readonly<Record<ConnMutant, string>> = {
  'value of the last tag': 'a peer\'s value is the sum of its tags',
  'upsert starts at undefined': 'upsertTag gets the old value, 0 when there was none, and sets the new',
  'one protection for all': 'a peer is protected until every protection is taken back',
  'unprotect says nothing': 'a peer is protected until every protection is taken back',
  'protections go with the connection': 'the tags go with the last connection, the protections stay',
  'tags stay': 'the tags go with the last connection, the protections stay',
  'counts by address': 'tagInfo knows the connections and when they were opened, two from one address too',
  'trims the protected': 'a trim spares the protected, and says so',
  'most valuable first': 'a trim goes down to the low mark, and closes first what is worth least',
  'trims all': 'a trim at the low mark closes nothing',
  'closes without a code': 'a trim closes with the code for what is garbage-collected',
  'makes room later': 'makeRoom ends one expendable connection in the same turn, that of least value',
  'makeRoom throws': 'makeRoom answers every refusal with true or false, and throws for none',
  'makes room by an outbound one': 'makeRoom ends no outbound connection: it would make no room for one that comes in',
  'makes room for a rate': 'makeRoom ends nothing where a connection less would not help',
  'no reason': 'a trim of nothing closes nothing and says why',
  'limit off by one': 'checkLimit throws when the high mark is above the limit, and not at it',
  'leaves a timer': 'tagPeer of a peer that nobody knows is harmless',
  'closes the connections': 'closing the manager closes no connection',
  'live tag info': 'tagInfo is a snapshot: it does not change behind one\'s back',
  'counts twice': 'a connection that is told twice is one'
}

describe('the suite of connection managers', () => {
  for (const c of applicable(connManagerCases, { enforces: false })) it(`the Null: ${c.name}`, () => c.run({ create: () => nullConnManager }))

  it('passes for a manager that remembers and trims', async () => {
    assert.deepEqual(await failingCases(connManagerCases, () => ({ create: marks => taggingConnManager(marks) })), [])
  })

  for (const [mutant, name] of Object.entries(FOUND) as [ConnMutant, string][]) {
    it(`finds a manager that is broken: ${mutant}`, async () => {
      const failing = await failingCases(connManagerCases, () => ({ create: marks => taggingConnManager(marks, mutant) }))
      assert(failing.includes(name), `failing were:\n${failing.join('\n')}`)
    })
  }

  it('has a name of its own for each case', () => {
    assert.equal(new Set(connManagerCases.map(({ name }) => name)).size, connManagerCases.length)
  })
})
