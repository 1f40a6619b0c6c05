import { randomBytes } from 'node:crypto'

/** The text of a new key file, as all implementations read it. */
export function newPreSharedKey (): string {
  return `/key/swarm/psk/1.0.0/\n/base16/\n${randomBytes(32).toString('hex')}\n`
}
