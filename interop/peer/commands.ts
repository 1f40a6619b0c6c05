import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ByteReader } from './byte-reader.ts'
import { endOf } from './end-of.ts'
import type { Library, StreamEnd } from './library.ts'
import { END_FIRST_GREETING, PROTOCOLS } from './protocols.ts'
import { sendRandom } from './send-random.ts'
import type { Wire } from './wire.ts'

/** What a command line may carry; each command takes its own. */
export interface Arguments {
  readonly addr: string
  readonly peer: string
  readonly count: number
  readonly bytes: number
  readonly upload: number
  readonly download: number
  readonly code: number
}

const IDENTIFY_POLL_MS = 20
const IDENTIFY_WAIT_MS = 10_000

function lengthHead (bytes: number): Buffer {
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(BigInt(bytes))
  return head
}

/** Opens a stream, and resets it when the check fails. */
async function withWire<T> (library: Library, peer: string, protocol: string, check: (wire: Wire) => Promise<T>): Promise<T> {
  const wire = await library.open(peer, protocol)
  try {
    const result = await check(wire)
    await wire.close()
    return result
  } catch (error) {
    wire.reset()
    throw error
  }
}

async function echo (library: Library, peer: string, bytes: number): Promise<void> {
  await withWire(library, peer, PROTOCOLS.echo, async wire => {
    const sent = randomBytes(bytes)
    const reader = new ByteReader(wire)
    // At the same time: an echo gives back as it gets, and both windows are smaller than the bytes.
    const [got] = await Promise.all([reader.exactly(bytes), wire.write(sent)])
    await wire.closeWrite()
    if (!got.equals(sent)) throw new Error('the echo differs')
    await reader.each(() => { throw new Error('the echo is longer than what was sent') })
  })
}

async function perf (library: Library, { peer, upload, download }: Arguments): Promise<void> {
  if (library.perf !== undefined) {
    await library.perf(peer, upload, download)
    return
  }
  await withWire(library, peer, PROTOCOLS.perf, async wire => {
    await wire.write(lengthHead(download))
    await sendRandom(wire, upload)
    await wire.closeWrite()
    let got = 0
    await new ByteReader(wire).each(data => { got += data.byteLength })
    if (got !== download) throw new Error(`asked for ${download} bytes, got ${got}`)
  })
}

async function transfer (library: Library, { peer, upload, download }: Arguments): Promise<void> {
  await withWire(library, peer, PROTOCOLS.transfer, async wire => {
    await wire.write(lengthHead(download))
    const sum = await sendRandom(wire, upload)
    await wire.closeWrite()
    const reader = new ByteReader(wire)
    if (!(await reader.exactly(32)).equals(sum)) throw new Error('the upload arrived changed')
    const down = await reader.exactly(download)
    if (!(await reader.exactly(32)).equals(createHash('sha256').update(down).digest())) throw new Error('the download arrived changed')
    await reader.each(() => { throw new Error('more came than was asked for') })
  })
}

async function endFirst (library: Library, { peer, bytes }: Arguments): Promise<void> {
  await withWire(library, peer, PROTOCOLS.endFirst, async wire => {
    const greeting: Uint8Array[] = []
    await new ByteReader(wire).each(data => { greeting.push(data) })
    if (Buffer.concat(greeting).toString() !== END_FIRST_GREETING) throw new Error(`greeted with ${Buffer.concat(greeting)}`)
    await wire.write(Buffer.alloc(bytes, 7))
    await wire.closeWrite()
  })
}

async function resets (library: Library, { peer, code }: Arguments): Promise<StreamEnd> {
  const wire = await library.open(peer, PROTOCOLS.resets)
  await wire.write(Buffer.of(code))
  const end = await endOf(new ByteReader(wire), library, () => {})
  wire.reset()
  return end
}

/** A stream that both sides use, whose end the listener will report. */
async function watched (library: Library, peer: string): Promise<Wire> {
  const wire = await library.open(peer, PROTOCOLS.resetMe)
  await wire.write(Buffer.of(1))
  await new ByteReader(wire).exactly(1)
  return wire
}

async function resetMe (library: Library, { peer, code }: Arguments): Promise<void> {
  const wire = await watched(library, peer)
  wire.resetWithError(code)
}

async function closeWithCode (library: Library, { peer, code }: Arguments): Promise<void> {
  await watched(library, peer)
  await library.disconnect(peer, code)
}

/** Opens streams of which none is closed before all have been answered, and asks each of them again then. */
async function hold (library: Library, { peer, count }: Arguments): Promise<void> {
  const exchange = async (reader: ByteReader, wire: Wire, byte: number): Promise<void> => {
    await wire.write(Buffer.of(byte))
    if ((await reader.exactly(1)).readUInt8() !== byte) throw new Error('the echo differs')
  }
  const all: { readonly wire: Wire, readonly reader: ByteReader }[] = []
  let opened = 0
  const open = async (): Promise<void> => {
    while (opened < count) {
      const byte = opened++ & 0xff
      const wire = await library.open(peer, PROTOCOLS.hold)
      const reader = new ByteReader(wire)
      await exchange(reader, wire, byte)
      all.push({ wire, reader })
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, library.maxUnanswered) }, open))
  await Promise.all(all.map(async ({ wire, reader }, index) => {
    await exchange(reader, wire, index & 0xff)
    await wire.closeWrite()
    await reader.each(() => { throw new Error('the echo is longer than what was sent') })
    await wire.close()
  }))
}

async function identified (library: Library, peer: string): Promise<{ agent: string, protocols: string[] }> {
  for (let left = IDENTIFY_WAIT_MS; left > 0; left -= IDENTIFY_POLL_MS) {
    const told = await library.identified(peer)
    if (told !== undefined) return told
    await wait(IDENTIFY_POLL_MS)
  }
  throw new Error(`identify told nothing of ${peer} in ${IDENTIFY_WAIT_MS} ms`)
}

/** The dialing half of every check, by the name of its command. */
export const COMMANDS: Record<string, (library: Library, args: Arguments) => unknown> = {
  connect: async (library, { addr }) => { await library.connect(addr) },
  disconnect: async (library, { peer }) => { await library.disconnect(peer, 0) },
  conns: library => ({ count: library.conns() }),
  identified: async (library, { peer }) => await identified(library, peer),
  ping: async (library, { peer }) => ({ rttMs: await library.ping(peer) }),
  echo: async (library, { peer, bytes }) => { await echo(library, peer, bytes) },
  streams: async (library, { peer, count, bytes }) => { await Promise.all(Array.from({ length: count }, () => echo(library, peer, bytes))) },
  perf,
  transfer,
  'end-first': endFirst,
  resets,
  'reset-me': resetMe,
  'close-with-code': closeWithCode,
  hold
}
