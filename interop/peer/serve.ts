import { createHash } from 'node:crypto'
import { ByteReader } from './byte-reader.ts'
import { endOf } from './end-of.ts'
import type { Library, StreamEnd } from './library.ts'
import { END_FIRST_GREETING, PROTOCOLS } from './protocols.ts'
import { sendRandom } from './send-random.ts'
import type { Wire } from './wire.ts'

export type Report = (event: StreamEnd & { event: string, sha256?: string }) => void

async function serveEcho (wire: Wire): Promise<void> {
  for (let data = await wire.read(); data !== undefined; data = await wire.read()) await wire.write(data)
}

async function servePerf (wire: Wire): Promise<void> {
  const reader = new ByteReader(wire)
  const download = Number((await reader.exactly(8)).readBigUInt64BE())
  await reader.each(() => {})
  await sendRandom(wire, download)
}

async function serveTransfer (wire: Wire): Promise<void> {
  const reader = new ByteReader(wire)
  const download = Number((await reader.exactly(8)).readBigUInt64BE())
  const up = createHash('sha256')
  await reader.each(data => { up.update(data) })
  await wire.write(up.digest())
  await wire.write(await sendRandom(wire, download))
}

/** Sets the listening half of every check. */
export async function serve (library: Library, report: Report): Promise<void> {
  const handlers: Record<string, (wire: Wire) => Promise<void>> = {
    [PROTOCOLS.echo]: serveEcho,
    [PROTOCOLS.perf]: servePerf,
    [PROTOCOLS.transfer]: serveTransfer,
    [PROTOCOLS.hold]: serveEcho,
    async [PROTOCOLS.endFirst] (wire) {
      await wire.write(Buffer.from(END_FIRST_GREETING))
      await wire.closeWrite()
      const sum = createHash('sha256')
      const end = await endOf(new ByteReader(wire), library, data => { sum.update(data) })
      report({ event: 'end-first', ...end, sha256: sum.digest('hex') })
    },
    async [PROTOCOLS.resets] (wire) {
      wire.resetWithError((await new ByteReader(wire).exactly(1)).readUInt8())
    },
    async [PROTOCOLS.resetMe] (wire) {
      const reader = new ByteReader(wire)
      await wire.write(await reader.exactly(1))
      report({ event: 'reset-me', ...await endOf(reader, library, () => {}) })
    }
  }
  for (const [protocol, handler] of Object.entries(handlers)) {
    if (library.serves.includes(protocol)) continue
    await library.handle(protocol, async wire => {
      await handler(wire)
      await wire.close()
    })
  }
}
