const encoder = new TextEncoder()

const NEWLINE = 0x0a

function writeMessage (out: Uint8Array, at: number, body: Uint8Array): number {
  const length = body.byteLength + 1
  if (length > 0x7f) out[at++] = length & 0x7f | 0x80
  out[at++] = length > 0x7f ? length >> 7 : length
  out.set(body, at)
  at += body.byteLength
  out[at++] = NEWLINE
  return at
}

function framedBytes (body: Uint8Array): number {
  return body.byteLength + (body.byteLength + 1 > 0x7f ? 3 : 2)
}

/** The messages one after another, each as length, text and newline, in one buffer: so that they can go out in one write. */
export function encodeMessages (texts: readonly string[]): Uint8Array {
  const bodies = texts.map(text => encoder.encode(text))
  const out = new Uint8Array(bodies.reduce((sum, body) => sum + framedBytes(body), 0))
  let at = 0
  for (const body of bodies) at = writeMessage(out, at, body)
  return out
}

/**
 * The answer to `ls`: one message that holds each protocol as a message of its own.
 *
 * Stops before the first protocol that would make it longer than `maxBytes`, so that everybody can read the answer.
 */
export function encodeProtocolList (protocols: readonly string[], maxBytes: number): Uint8Array {
  const bodies: Uint8Array[] = []
  let bytes = 1
  for (const protocol of protocols) {
    const body = encoder.encode(protocol)
    if (bytes + framedBytes(body) > maxBytes) break
    bytes += framedBytes(body)
    bodies.push(body)
  }
  const list = new Uint8Array(bytes - 1)
  let at = 0
  for (const body of bodies) at = writeMessage(list, at, body)
  const out = new Uint8Array(framedBytes(list))
  writeMessage(out, 0, list)
  return out
}
