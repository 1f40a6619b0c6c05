import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { toPartialLimits } from '../src/build-limits.ts'
import { scaleLimits } from '../src/scale-limits.ts'
import { stringifyLimits } from '../src/stringify-limits.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

/** What go-libp2p v0.51.0 writes for its defaults with its service limits, at 8 GiB and 16,384 file descriptors. */
const GO_DEFAULTS = readFileSync(new URL('./go-default-limits.json', import.meta.url), 'utf8')

describe('defaultScalingLimits', () => {
  it('TestDefaultsDontChange: Go\'s numbers, byte for byte, but for its faults', () => {
    // Go's 8 GiB are 8 GiB above its base (8.2 number 3): ours are the same with the base's 128 MiB added.
    const json = stringifyLimits(toPartialLimits(scaleLimits({ memoryBytes: 8 * GIB + 128 * MIB, numFd: 16_384 })))
    const corrected = GO_DEFAULTS
      .replace('"Memory":"16777248"', `"Memory":"${16 * MIB + 8 * 4 * MIB}"`) // protocol-peer: 4 bytes for each GiB, where MiB are meant (8.2 number 2)
      .replaceAll('"Memory":"8590458880"', `"Memory":"${32 * (256 + 16) * 1_024}"`) // identify and ping, one peer: MiB, where KiB are meant (8.2 number 2)
    assert.equal(GO_DEFAULTS.match(/"Memory":"16777248"/g)?.length, 1)
    assert.equal(GO_DEFAULTS.match(/"Memory":"8590458880"/g)?.length, 4)
    assert.equal(json, corrected)
  })

  it('faults 2 and 3 at 8 GiB: 7.875 GiB above the base, where Go counts 8, and MiB for a protocol\'s peer, where Go counts bytes', () => {
    const limits = scaleLimits({ memoryBytes: 8 * GIB, numFd: 16_384 })
    const row = ({ streams, streamsInbound, streamsOutbound, conns, connsInbound, connsOutbound, fd, memoryBytes }: typeof limits.system): number[] =>
      [streams, streamsInbound, streamsOutbound, conns, connsInbound, connsOutbound, fd, memoryBytes]
    // Go: 18432 9216 18432, 1152 576 1152, 16384, 8724152320, which is 128 MiB more than the 8 GiB that it was given.
    assert.deepEqual(row(limits.system), [18_176, 9_088, 18_176, 1_136, 568, 1_136, 16_384, 8_589_934_592])
    // Go: 2304 1152 2304, 320 160 320, 4096, 1107296256.
    assert.deepEqual(row(limits.transient), [2_272, 1_136, 2_272, 316, 158, 316, 4_096, 1_090_519_040])
    // Go: 20480 5120 20480, 1140850688.
    assert.deepEqual(row(limits.serviceDefault), [20_224, 5_056, 20_224, 0, 0, 0, 0, 1_124_073_472])
    // Go: 320 160 320, 50331648.
    assert.deepEqual(row(limits.servicePeerDefault), [319, 159, 319, 0, 0, 0, 0, 49_807_360])
    // Go: 6144 2560 6144, 1442840576.
    assert.deepEqual(row(limits.protocolDefault), [6_080, 2_528, 6_080, 0, 0, 0, 0, 1_421_344_768])
    // Go: 384 96 192, 16777248, which is 16 MiB and 32 bytes.
    assert.deepEqual(row(limits.protocolPeerDefault), [382, 95, 191, 0, 0, 0, 0, 49_807_360])
    // Go: 2560 1280 2560, 8 8 8, 256, 1140850688.
    assert.deepEqual(row(limits.peerDefault), [2_528, 1_264, 2_528, 8, 8, 8, 256, 1_124_073_472])
    assert.deepEqual(row(limits.conn), [0, 0, 0, 1, 1, 1, 1, 33_554_432])
    assert.deepEqual(row(limits.stream), [1, 1, 1, 0, 0, 0, 0, 16_777_216])
    assert.deepEqual(limits.allowlistedSystem, limits.system)
    assert.deepEqual(limits.allowlistedTransient, limits.transient)
  })

  const points: Array<[number, number, number, number]> = [
    // Go: 2048 128 134217728, 3072 192 671088640, 4096 256 1207959552, 6144 384 2281701376, 10240 640 4429185024.
    [64, 2_048, 128, 134_217_728], [128, 2_048, 128, 134_217_728], [512, 2_816, 176, 536_870_912], [1_024, 3_840, 240, 1_073_741_824],
    [2_048, 5_888, 368, 2_147_483_648], [4_096, 9_984, 624, 4_294_967_296]
  ]
  for (const [size, streams, conns, memoryBytes] of points) {
    it(`at ${size} MiB the system has ${streams} streams, ${conns} connections, ${memoryBytes} bytes`, () => {
      const { system } = scaleLimits({ memoryBytes: size * MIB, numFd: 0 })
      assert.deepEqual([system.streams, system.conns, system.memoryBytes], [streams, conns, memoryBytes])
    })
  }
})
