import assert from 'node:assert/strict'
import { dial, type Layer, listen } from '../muxers/connect.ts'
import { ECHO, SINK } from '../muxers/muxer-side.ts'
import { muxerOptions } from '../muxers/options.ts'
import { muxerLine, muxerTable } from '../muxers/report.ts'
import { MUXER_ROWS, type MuxerRow, type Sample } from '../muxers/rows.ts'
import { SIDES } from '../muxers/sides.ts'

describe('muxers', () => {
  for (const layer of ['noise', 'tcp'] as const satisfies Layer[]) {
    for (const { name, side } of Object.values(SIDES)) {
      it(`${name} over ${layer}: streams echo, are counted and are held`, async () => {
        const accepted: { abort (error: Error): void }[] = []
        const listener = await listen(layer, conn => {
          accepted.push(conn)
          side.accepted(conn)
        })
        const conn = await dial(layer, listener.address)
        const session = side.dialed(conn)
        await Promise.all(Array.from({ length: 20 }, () => session.echo(new Uint8Array(32).fill(ECHO))))
        await session.send(new Uint8Array(700_000).fill(SINK), 3)
        await session.hold(5, new Uint8Array(32).fill(ECHO))
        session.release()
        for (const each of [conn, ...accepted]) each.abort(new Error('the test is over'))
        await listener.close()
      })
    }
  }

  it('prints the best of each figure, the mean of the starts beside it, and ratios above 1 where ours is better', () => {
    const [row] = MUXER_ROWS as readonly [MuxerRow]
    const start = {
      weir: [{ rate: 100, dialer: 30, listener: 20 }, { rate: 200, dialer: 40, listener: 10 }],
      js: [{ rate: 100, dialer: 60, listener: 60 }, { rate: 50, dialer: 60, listener: 90 }],
      adapted: [{ rate: 400, dialer: 20, listener: 10 }]
    }
    const line = muxerLine(row, 'tcp', [start])
    assert.deepEqual(line.best.weir, { rate: 200, dialer: 30, listener: 10 })
    const lines = muxerTable([line]).split('\n')
    assert.match(lines[2] ?? '', /\| tcp \| 40 \| 120 \| 30 \| 3\.00x \| 2\.70x \| 0\.75x \|$/)
    assert.match(lines.at(-1) ?? '', /\| 200 \| 100 \| 400 \| 2\.00x \| 2\.50x \| 0\.50x \|$/)

    const sample = (dialer: number): Sample[] => [{ dialer, listener: 0 }]
    const starts = [{ weir: sample(10), js: sample(20), adapted: sample(1) }, { weir: sample(10), js: sample(5), adapted: sample(1) }]
    const { typical } = muxerLine(row, 'tcp', starts)
    assert.equal(typical.rate, undefined)
    assert.equal(typical.cost.ratio.toFixed(6), '1.000000', 'twice and half are equal on average')
    assert.equal(typical.cost.error?.toFixed(6), Math.LN2.toFixed(6))
    assert.match(muxerTable([muxerLine(row, 'tcp', starts)]), /\| 1\.00x ±0\.69 \|/)
  })

  it('takes rows and layers by name, and nothing that it does not know', () => {
    assert.deepEqual(muxerOptions(['--rows', 'memory', '--layers', 'tcp', '--rounds', '1']).rows.map(({ id }) => id), ['memory'])
    assert.throws(() => muxerOptions(['--rows', 'speed']), TypeError)
    assert.throws(() => muxerOptions(['--layers', 'quic']), TypeError)
    assert.throws(() => muxerOptions(['--rounds', '0']), RangeError)
  })
})
