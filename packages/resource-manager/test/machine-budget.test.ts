import assert from 'node:assert/strict'
import { machineBudget } from '../src/machine-budget.ts'
import { handMachine, procLimits } from './hand-machine.ts'

describe('machineBudget', () => {
  it('is an eighth of the memory and half of the file descriptors', () => {
    assert.deepEqual(machineBudget(handMachine({ memoryBytes: 2 ** 33, files: { '/proc/self/limits': procLimits('1025') } })), {
      memoryBytes: 2 ** 30, numFd: 512, machineMemoryBytes: 2 ** 33, machineNumFd: 1_025
    })
  })

  it('is of the smaller of host and control group', () => {
    const files = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': '536870912\n' }
    assert.equal(machineBudget(handMachine({ memoryBytes: 2 ** 36, files })).memoryBytes, 2 ** 26)
    assert.equal(machineBudget(handMachine({ memoryBytes: 2 ** 28, files })).memoryBytes, 2 ** 25)
  })

  it('is in whole bytes, and 0 file descriptors where they are not known', () => {
    assert.deepEqual(machineBudget(handMachine({ memoryBytes: 1_001 })), { memoryBytes: 125, numFd: 0, machineMemoryBytes: 1_001, machineNumFd: 0 })
    assert.equal(machineBudget(handMachine({ platform: 'win32' })).numFd, Infinity)
  })

  it('is something on this machine', () => {
    const { memoryBytes, machineMemoryBytes } = machineBudget()
    assert.ok(memoryBytes > 0 && memoryBytes <= machineMemoryBytes / 8)
  })
})
