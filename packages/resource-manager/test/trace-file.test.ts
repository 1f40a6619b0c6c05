import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { appendFile, chmod, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ManualClock, until } from '@weir/compliance'
import type { ScopeId } from '@weir/network'
import { createResourceManager, type TraceEvent, TraceFileError } from '../src/index.ts'
import { TraceFile } from '../src/trace-file.ts'
import { traceLine } from '../src/trace-line.ts'
import { limiterFor } from './limits-for.ts'
import { anyAddr, managerFor, namedPeer } from './manager-for.ts'

async function linesOf (file: string): Promise<{ Type: string, Name?: string }[]> {
  return gunzipSync(await readFile(file)).toString().split('\n').filter(line => line !== '').map(line => JSON.parse(line))
}

async function folder (undo: AsyncDisposableStack): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'weir-trace-'))
  undo.defer(async () => { await rm(path, { recursive: true, force: true }) })
  return path
}

describe('TraceFile', () => {
  it('TestTraceReporterStartAndClose: lines of JSON in gzip, written every second and at the end', async () => {
    await using undo = new AsyncDisposableStack()
    const file = join(await folder(undo), 'trace.gz')
    const { manager, clock } = managerFor({ trace: { file } })
    manager.openConnection('inbound', true, anyAddr).done()
    assert.equal((await stat(file)).size, 0)
    clock.advance(1_000)
    await until(() => statSync(file).size > 0, 'something is written')
    const first = await linesOf(file)
    assert.deepEqual(first.slice(0, 7).map(({ Type, Name }) => `${Type} ${Name}`), ['start undefined', 'create_scope system', 'create_scope transient', 'create_scope allowlistedSystem', 'create_scope allowlistedTransient', 'create_scope conn-1', 'add_conn conn-1'])
    manager.openStream(namedPeer('alice'), 'inbound').done()
    await manager.close()
    await manager.close()
    const all = await linesOf(file)
    assert.equal(all.length, first.length + 11) // with the peer's scope, which closing collects
    assert.equal(clock.pendingTimers, 0)
    manager.openStream(namedPeer('alice'), 'inbound').done()
    assert.equal(clock.pendingTimers, 0)
  })

  it('fault 5: a file that cannot be opened is an error at once, and nothing is left behind', async () => {
    await using undo = new AsyncDisposableStack()
    const path = await folder(undo)
    assert.throws(() => managerFor({ trace: { file: join(path, 'no', 'trace.gz') } }), (error: unknown) => TraceFileError.is(error) && error.path.endsWith('trace.gz') && error.cause instanceof Error)
    assert.throws(() => managerFor({ trace: { file: path } }), TraceFileError.is)
  })

  it('fault 4: spans of every scope are written, those of system and transient too, and nothing stops', async () => {
    await using undo = new AsyncDisposableStack()
    const file = join(await folder(undo), 'trace.gz')
    const { manager } = managerFor({ trace: { file } })
    manager.viewSystem(scope => { scope.beginSpan().beginSpan().done() })
    manager.viewTransient(scope => { scope.beginSpan().done() })
    manager.viewPeer(namedPeer('alice'), scope => { scope.beginSpan().done() })
    await manager.close()
    const lines = await linesOf(file)
    assert.deepEqual(lines.filter(({ Name }) => Name?.includes('.span-')).map(({ Type, Name }) => `${Type} ${Name}`), [
      'create_scope system.span-1', 'create_scope system.span-1.span-1', 'destroy_scope system.span-1.span-1', 'create_scope transient.span-1', 'destroy_scope transient.span-1',
      'create_scope peer:alice.span-1', 'destroy_scope peer:alice.span-1'
    ])
  })

  it('goes on in a new file when the old one was moved away', async () => {
    await using undo = new AsyncDisposableStack()
    const path = await folder(undo)
    const file = join(path, 'trace.gz')
    const { manager, clock } = managerFor({ trace: { file } })
    clock.advance(1_000)
    await until(() => statSync(file).size > 0, 'something is written')
    await rename(file, `${file}.old`)
    manager.openConnection('inbound', true, anyAddr).done()
    await manager.close()
    assert.equal((await linesOf(`${file}.old`)).length, 5)
    assert.equal((await linesOf(file)).length, 7)
  })

  it('moves a file away that has grown too large', async () => {
    await using undo = new AsyncDisposableStack()
    const file = join(await folder(undo), 'trace.gz')
    const { manager, clock } = managerFor({ trace: { file, maxFileBytes: 600, flushIntervalMs: 10 } })
    for (let i = 0; i < 20; i++) {
      manager.openConnection('inbound', true, anyAddr).done()
      const sizes = (): number[] => [file, `${file}.1`].map(each => existsSync(each) ? statSync(each).size : 0)
      const before = sizes().join()
      await until(() => {
        clock.advance(10)
        return sizes().join() !== before
      }, 'a batch is written')
    }
    await manager.close()
    for (const each of [file, `${file}.1`]) {
      assert((await stat(each)).size <= 600)
      assert((await linesOf(each)).length > 0)
    }
    assert.equal(manager.snapshot().traceEventsDropped, 0)
  })

  it('a full disk costs events, which are counted, and nothing else', async () => {
    if (!existsSync('/dev/full')) return // only where there is such a device
    await using undo = new AsyncDisposableStack()
    const file = join(await folder(undo), 'trace.gz')
    await symlink('/dev/full', file)
    const { manager, clock } = managerFor({ trace: { file } })
    manager.openConnection('inbound', true, anyAddr).done()
    clock.advance(1_000)
    await until(() => manager.snapshot().traceEventsDropped === 12, 'the disk is found full')
    await rm(file)
    manager.openConnection('inbound', true, anyAddr).done()
    await manager.close()
    assert.deepEqual([(await linesOf(file)).length, manager.snapshot().traceEventsDropped], [7, 12])
  })

  it('half a batch on a disk that is full is taken back: what is written behind it can be read', async () => {
    await using undo = new AsyncDisposableStack()
    const file = join(await folder(undo), 'trace.gz')
    const clock = new ManualClock()
    let full = false
    const sink = new TraceFile({ file }, clock, async (path, data, ...rest) => {
      await appendFile(path, full ? (data as Uint8Array).subarray(0, 20) : data, ...rest)
      if (full) throw new Error('no space left')
    })
    for (const isFull of [false, true, false]) {
      full = isFull
      const dropped = sink.dropped
      const { size } = statSync(file)
      sink.push({ type: 'start', timeMs: 0, scope: undefined })
      clock.advance(1_000)
      await until(() => isFull ? sink.dropped > dropped : statSync(file).size > size, 'a batch is written or lost')
    }
    await sink.close()
    assert.deepEqual([(await linesOf(file)).length, sink.dropped], [2, 1])
  })

  it('what is more than can wait is dropped and counted', async () => {
    await using undo = new AsyncDisposableStack()
    const file = join(await folder(undo), 'trace.gz')
    const sink = new TraceFile({ file }, new ManualClock())
    for (let i = 0; i < 50_003; i++) sink.push({ type: 'start', timeMs: 0, scope: undefined })
    await sink.close()
    assert.deepEqual([(await linesOf(file)).length, sink.dropped], [50_000, 3])
  }).timeout(20_000)

  it('a folder that is gone costs events until it is back', async () => {
    await using undo = new AsyncDisposableStack()
    const path = join(await folder(undo), 'traces')
    await mkdir(path)
    const file = join(path, 'trace.gz')
    const { manager, clock } = managerFor({ trace: { file } })
    await rm(path, { recursive: true })
    clock.advance(1_000)
    await until(() => manager.snapshot().traceEventsDropped === 5, 'the folder is found gone')
    await mkdir(path)
    await chmod(path, 0o700)
    manager.openConnection('inbound', true, anyAddr).done()
    await manager.close()
    assert.equal((await linesOf(file)).length, 7)
  })

  it('a line has the names that Go gives to scopes and fields', () => {
    const peer = namedPeer('alice')
    const names: [ScopeId, string][] = [
      [{ kind: 'system' }, '{"Class":"system"},"Name":"system"'],
      [{ kind: 'allowlisted-transient' }, '{"Class":"allowlistedTransient"},"Name":"allowlistedTransient"'],
      [{ kind: 'connection', id: 7 }, '{"Class":"conn","Conn":"conn-7"},"Name":"conn-7"'],
      [{ kind: 'stream', id: 8 }, '{"Class":"stream","Stream":"stream-8"},"Name":"stream-8"'],
      [{ kind: 'peer', peer }, '{"Class":"peer","Peer":"alice"},"Name":"peer:alice"'],
      [{ kind: 'service', service: 's' }, '{"Class":"service","Service":"s"},"Name":"service:s"'],
      [{ kind: 'service-peer', service: 's', peer }, '{"Class":"service-peer","Service":"s","Peer":"alice"},"Name":"service:s.peer:alice"'],
      [{ kind: 'protocol', protocol: '/a' }, '{"Class":"protocol","Protocol":"/a"},"Name":"protocol:/a"'],
      [{ kind: 'protocol-peer', protocol: '/a', peer }, '{"Class":"protocol-peer","Protocol":"/a","Peer":"alice"},"Name":"protocol:/a.peer:alice"'],
      [{ kind: 'span', owner: { kind: 'stream', id: 8 }, id: 2 }, '{"Class":"stream","Stream":"stream-8","Span":"span-2"},"Name":"stream-8.span-2"'],
      [{ kind: 'subnet', prefix: '1.2.3.4/32' }, '{"Class":"subnet"},"Name":"subnet:1.2.3.4/32"']
    ]
    const event: Omit<TraceEvent, 'scope'> = { type: 'add_conn', timeMs: 0, delta: 1, deltaInbound: 1, deltaOutbound: 0, stat: { numConnsInbound: 1, numConnsOutbound: 2, numStreamsInbound: 0, numStreamsOutbound: 4, numFD: 5, memoryBytes: 6 } }
    for (const [scope, text] of names) {
      assert.equal(traceLine({ ...event, scope }), `{"Time":"1970-01-01T00:00:00.000Z","Type":"add_conn","Scope":${text},"Delta":1,"DeltaIn":1,"Memory":6,"StreamsOut":4,"ConnsIn":1,"ConnsOut":2,"FD":5}\n`)
    }
    assert.equal(traceLine({ type: 'block_reserve_memory', timeMs: 0, scope: { kind: 'system' }, delta: 5, priority: 101, limit: 9 }), '{"Time":"1970-01-01T00:00:00.000Z","Type":"block_reserve_memory","Scope":{"Class":"system"},"Name":"system","Limit":9,"Priority":101,"Delta":5}\n')
  })

  it('keeps no process alive, and is there on the real clock too', async () => {
    await using undo = new AsyncDisposableStack()
    const file = join(await folder(undo), 'trace.gz')
    const manager = createResourceManager({ limits: limiterFor(), trace: { file, flushIntervalMs: 1 } })
    await until(() => statSync(file).size > 0, 'something is written')
    await manager.close()
    assert.equal((await linesOf(file)).length, 5)
  })
})
