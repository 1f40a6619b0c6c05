import assert from 'node:assert/strict'
import { HOST_DEFAULTS } from '../src/defaults.ts'
import { ProtocolTable } from '../src/protocol-table.ts'

const one = (): void => {}
const two = (): void => {}

describe('ProtocolTable', () => {
  it('finds a name that was set by look-up, and asks matchers after', () => {
    const table = new ProtocolTable()
    const asked: string[] = []
    table.setMatch('/any', id => { asked.push(id); return id.startsWith('/a') }, two)
    table.set('/a', one)
    assert.equal(table.handler('/a'), one)
    assert.deepEqual(asked, [])
    assert.equal(table.handler('/ab'), two)
    assert.equal(table.find('/ab'), '/ab')
    assert.equal(table.find('/b'), undefined)
    assert.deepEqual(asked, ['/ab', '/ab', '/b'])
    assert.equal(table.isExact('/a'), true)
    assert.equal(table.isExact('/ab'), false)
  })

  it('asks matchers in the order in which they were set', () => {
    const table = new ProtocolTable()
    table.setMatch('/1', () => true, one)
    table.setMatch('/2', () => true, two)
    assert.equal(table.handler('/x'), one)
  })

  it('has one handler to a name, the last', () => {
    const table = new ProtocolTable()
    table.set('/a', one)
    table.set('/a', two)
    assert.equal(table.handler('/a'), two)
    table.setMatch('/a', id => id === '/x', one)
    assert.equal(table.handler('/a'), undefined, 'the matcher took its place')
    assert.deepEqual(table.list(), ['/a'])
    table.remove('/a')
    assert.equal(table.handler('/x'), undefined)
  })

  it('takes names that objects have already', () => {
    const table = new ProtocolTable()
    assert.equal(table.find('constructor'), undefined)
    assert.equal(table.find('__proto__'), undefined)
  })

  it('lists sorted, bounded, and a copy', () => {
    const table = new ProtocolTable()
    for (const protocol of ['/c', '/a', '/b']) table.set(protocol, one)
    assert.deepEqual(table.list(), ['/a', '/b', '/c'])
    table.list().push('/d')
    assert.deepEqual(table.list(), ['/a', '/b', '/c'])
    for (let i = 0; i < HOST_DEFAULTS.maxListedProtocols; i++) table.set(`/n/${i}`, one)
    assert.equal(table.list().length, HOST_DEFAULTS.maxListedProtocols)
  })

  it('tells of changes, and not of what changes nothing', () => {
    const table = new ProtocolTable()
    let changes = 0
    table.onChange(() => { changes++ })
    table.set('/a', one)
    table.remove('/unknown')
    assert.equal(changes, 1)
    table.remove('/a')
    assert.equal(changes, 2)
    table.clear()
    assert.deepEqual(table.list(), [])
  })
})
