import type { Socket } from 'node:net'
import { ControlProtocolError } from './errors.ts'

/**
 * The lines that come out of a socket, one at a time: what is not asked for is not read, so that one who writes without
 * reading the answers is stopped by the system.
 *
 * @throws {ControlProtocolError} at a line longer than `maxLineBytes`
 */
export async function * socketLines (socket: Socket, maxLineBytes: number): AsyncGenerator<string> {
  let begun: Buffer[] = []
  let begunBytes = 0
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) { // whoever is told of a long line can still be told
    let start = 0
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      assertShort(begunBytes + end - start, maxLineBytes)
      const line = Buffer.concat([...begun, chunk.subarray(start, end)]).toString()
      start = end + 1
      begun = []
      begunBytes = 0
      if (line.trim() !== '') yield line
    }
    begun.push(chunk.subarray(start))
    begunBytes += chunk.byteLength - start
    assertShort(begunBytes, maxLineBytes)
  }
}

function assertShort (bytes: number, maxLineBytes: number): void {
  if (bytes > maxLineBytes) throw new ControlProtocolError(`a line is longer than ${maxLineBytes} bytes`)
}
