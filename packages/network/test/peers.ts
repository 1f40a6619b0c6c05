import type { PeerRef } from '../src/index.ts'

/** A peer of which only the text counts, and which knows how often it was asked for it. */
export function testPeer (text: string): PeerRef & { asked: number } {
  return {
    type: 'test',
    asked: 0,
    toString () {
      this.asked++
      return text
    }
  }
}
