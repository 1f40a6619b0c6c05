import { string } from './encoding/bytes.ts'
import type { Encoding } from './encoding/encoding.ts'
import { uint16 } from './encoding/numbers.ts'
import { struct } from './encoding/struct.ts'
import type { RejectionMotive } from './rejection.ts'

/** What a node announces, and what two of them agree on. */
export interface NetworkVersion {
  readonly chainName: string
  readonly distributedDbVersion: number
  readonly p2pVersion: number
}

/** What a node can speak. */
export interface SupportedVersions {
  readonly chainName: string
  readonly distributedDbVersions: readonly number[]
  readonly p2pVersions: readonly number[]
}

export const networkVersionEncoding: Encoding<NetworkVersion> = struct<NetworkVersion>({ chainName: string(), distributedDbVersion: uint16, p2pVersion: uint16 })

/** The newest of all that can be spoken. @throws {RangeError} when a list is empty */
export function announcedVersion ({ chainName, distributedDbVersions, p2pVersions }: SupportedVersions): NetworkVersion {
  if (distributedDbVersions.length === 0 || p2pVersions.length === 0) throw new RangeError('a node speaks at least one version of each')
  return { chainName, distributedDbVersion: Math.max(...distributedDbVersions), p2pVersion: Math.max(...p2pVersions) }
}

/**
 * What can be spoken with a peer that announces `remote`, or why nothing can.
 *
 * @see reference/tezos-p2p.md 5.4, "Version negotiation"
 */
export function selectVersion (local: SupportedVersions, remote: NetworkVersion): { readonly version: NetworkVersion } | { readonly motive: RejectionMotive } {
  if (local.chainName !== remote.chainName) return { motive: 'unknown-chain-name' }
  const distributedDbVersion = best(local.distributedDbVersions, remote.distributedDbVersion)
  if (distributedDbVersion === undefined) return { motive: 'deprecated-distributed-db-version' }
  const p2pVersion = best(local.p2pVersions, remote.p2pVersion)
  if (p2pVersion === undefined) return { motive: 'deprecated-p2p-version' }
  return { version: { chainName: local.chainName, distributedDbVersion, p2pVersion } }
}

function best (local: readonly number[], remote: number): number | undefined {
  const newest = Math.max(...local)
  return newest <= remote ? newest : local.find(version => version === remote)
}
