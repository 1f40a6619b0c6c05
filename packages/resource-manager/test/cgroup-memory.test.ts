import assert from 'node:assert/strict'
import fc from 'fast-check'
import { cgroupMemoryBytes } from '../src/cgroup-memory.ts'

const V1_NONE = '9223372036854771712\n' // what version 1 says for no limit

const read = (files: Readonly<Record<string, string>>): number => cgroupMemoryBytes(path => files[path])

describe('cgroupMemoryBytes', () => {
  it('is no limit without control groups', () => {
    assert.equal(read({}), Infinity)
    assert.equal(read({ '/proc/self/cgroup': '' }), Infinity)
  })

  it('reads version 2', () => {
    assert.equal(read({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': '536870912\n' }), 536_870_912)
    assert.equal(read({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': 'max\n' }), Infinity)
    assert.equal(read({ '/proc/self/cgroup': '0::/a/b.service\n', '/sys/fs/cgroup/a/b.service/memory.max': '1000\n' }), 1_000)
  })

  it('takes the smallest of all groups above, and of memory.high', () => {
    const files = { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/b/memory.max': 'max\n', '/sys/fs/cgroup/a/memory.max': '3000\n', '/sys/fs/cgroup/memory.max': '4000\n' }
    assert.equal(read(files), 3_000)
    assert.equal(read({ ...files, '/sys/fs/cgroup/a/b/memory.high': '2000\n' }), 2_000)
  })

  it('finds the limit of a container that is shown the path of its host', () => {
    assert.equal(read({ '/proc/self/cgroup': '0::/system.slice/docker-abc.scope\n', '/sys/fs/cgroup/memory.max': '2048\n' }), 2_048)
    assert.equal(read({ '/proc/self/cgroup': '4:memory:/docker/abc\n', '/sys/fs/cgroup/memory/memory.limit_in_bytes': '4096\n' }), 4_096)
  })

  it('reads version 1, with memory among other controllers', () => {
    const groups = '9:name=systemd:/\n4:cpu,memory:/x\n2:cpuacct:/y\n0::/\n'
    assert.equal(read({ '/proc/self/cgroup': groups, '/sys/fs/cgroup/memory/x/memory.limit_in_bytes': '5000\n', '/sys/fs/cgroup/memory/memory.limit_in_bytes': V1_NONE }), 5_000)
    assert.ok(read({ '/proc/self/cgroup': groups, '/sys/fs/cgroup/memory/memory.limit_in_bytes': V1_NONE }) > 2 ** 62) // more than any host: the host's counts then
  })

  it('does not take another controller for memory', () => {
    assert.equal(read({ '/proc/self/cgroup': '4:hugetlb,memory_x:/\n', '/sys/fs/cgroup/memory/memory.limit_in_bytes': '5000\n' }), Infinity)
  })

  it('takes a path with colons, and leaves no other place than its own', () => {
    assert.equal(read({ '/proc/self/cgroup': '0::/a:b\n', '/sys/fs/cgroup/a:b/memory.max': '7\n' }), 7)
    const asked: string[] = []
    cgroupMemoryBytes(path => { asked.push(path); return path === '/proc/self/cgroup' ? '0::/../../etc\n' : undefined })
    assert.deepEqual(asked.filter(path => path.includes('..')), [])
  })

  it('passes over what is no number, and over 0', () => {
    for (const text of ['', 'none', '-1', '0', '1e9', '1 2']) assert.equal(read({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': text }), Infinity)
  })

  it('takes any text without failing', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (groups, text) => {
      assert.ok(cgroupMemoryBytes(path => path === '/proc/self/cgroup' ? groups : text) > 0)
    }))
  })
})
