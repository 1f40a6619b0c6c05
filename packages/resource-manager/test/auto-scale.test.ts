import assert from 'node:assert/strict'
import { type AutoScaleOptions, autoScale } from '../src/auto-scale.ts'
import { baseLimit } from '../src/base-limit.ts'
import { scaleLimits } from '../src/scale-limits.ts'
import { handMachine, procLimits } from './hand-machine.ts'
import { zeroScaling } from './zero-scaling.ts'

const machine = handMachine({ memoryBytes: 2 ** 33, files: { '/proc/self/limits': procLimits('2000') } })

describe('autoScale', () => {
  it('scales to an eighth of the machine\'s memory and half of its file descriptors', () => {
    assert.deepEqual(autoScale({ machine }), scaleLimits({ memoryBytes: 2 ** 30, numFd: 1_000 }))
  })

  it('takes what is given in place of the machine\'s', () => {
    assert.deepEqual(autoScale({ machine, memoryBytes: 2 ** 31 }), scaleLimits({ memoryBytes: 2 ** 31, numFd: 1_000 }))
    assert.deepEqual(autoScale({ machine, numFd: 10 }), scaleLimits({ memoryBytes: 2 ** 30, numFd: 10 }))
  })

  it('does not ask the machine when both are given', () => {
    const asked = (): never => { throw new Error('asked') }
    const limits = autoScale({ memoryBytes: 2 ** 31, numFd: 10, machine: { platform: 'linux', hostMemoryBytes: asked, readText: asked, reportedOpenFiles: asked } })
    assert.deepEqual(limits, scaleLimits({ memoryBytes: 2 ** 31, numFd: 10 }))
  })

  it('scales what it is given to scale', () => {
    assert.deepEqual(autoScale({ machine, scaling: { ...zeroScaling, conn: { base: { fd: 1 } } } }).conn, baseLimit({ fd: 1 }))
  })

  it('works on this machine, and grows with nothing known', () => {
    assert.ok(autoScale().system.conns >= 128)
    assert.equal(autoScale({ machine: handMachine({ platform: 'sunos' }) }).system.fd, 256)
  })

  it('refuses an option that is not known, and numbers that are none', () => {
    assert.throws(() => autoScale({ memory: 1 } as AutoScaleOptions), /TypeError: unknown option memory/)
    assert.throws(() => autoScale({ machine, memoryBytes: -1 }), RangeError)
    assert.throws(() => autoScale({ machine: handMachine({ memoryBytes: Number.NaN }) }), RangeError)
  })
})
