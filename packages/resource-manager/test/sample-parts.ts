import type { PlanPart } from '../src/plan-part.ts'
import type { Watermarks } from '../src/watermarks.ts'

/** Demands as packages would state them. */
export const WIRE: PlanPart = {
  name: 'wire',
  needs: [
    { per: 'connection', scope: 'conn', resource: 'memoryBytes', atLeast: 131_072, why: 'one Noise handshake' },
    { per: 'connection', scope: 'transient', resource: 'memoryBytes', atLeast: 131_072, why: 'one Noise handshake' },
    { per: 'stream', scope: 'peerDefault', resource: 'memoryBytes', atLeast: 262_144, why: 'the first window of a Yamux stream' },
    { per: 'stream', scope: 'system', resource: 'memoryBytes', atLeast: 262_144, why: 'the first window of a Yamux stream' }
  ],
  unreserved: { perConnBytes: 8_192, perStreamBytes: 1_024, fixedFds: 4 }
}

export const BOOK: PlanPart = { name: 'book', unreserved: { fixedBytes: 1_048_576 } }

export const trimmer = (watermarks: Watermarks): PlanPart => ({ name: 'trimmer', watermarks })
