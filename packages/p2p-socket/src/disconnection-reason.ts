import type { RejectionMotive } from './rejection.ts'

/** Octez's numbers of the reasons. They are for its logs and tools: nothing of them is on the wire. @see reference/tezos-p2p.md 5.11 */
export const DISCONNECTION_REASON_TAGS = {
  'connection-lost': 0x01,
  'connection-closed-by-peer': 0x02,
  'connection-closed-by-unexpected-error': 0x03,
  'tcp-connection-refused': 0x04,
  'tcp-connection-unreachable': 0x05,
  'tcp-connection-canceled': 0x06,
  'tcp-connection-failed-unexpected-error': 0x07,
  'scheduled-pop-unexpected-error': 0x08,
  'scheduled-push-unexpected-error': 0x09,
  'io-scheduler-closed': 0x10,
  'io-scheduler-shutdown': 0x11,
  'accept-write-error': 0x12,
  'ack-read-error': 0x13,
  'authentication-rejected-no-common-protocol': 0x14,
  'authentication-rejected': 0x15,
  'authentication-rejected-by-peer': 0x16,
  'authentication-rejected-error': 0x17,
  'incoming-connection-too-many': 0x18,
  'incoming-connection-banned': 0x19,
  'unexpected-peer-id': 0x20,
  'ip-manually-banned': 0x21,
  'peer-id-manually-banned': 0x22,
  'pool-destroyed': 0x23,
  'peer-swapped': 0x24,
  'explicit-rpc': 0x25,
  'maintenance-too-many': 0x26,
  'user': 0x27,
  'unknown-reason': 0x28,
  'tcp-network-unreachable': 0x29
} as const

type Kind = keyof typeof DISCONNECTION_REASON_TAGS
type During = 'read' | 'write'
type WithDuring = 'connection-lost' | 'connection-closed-by-peer'
type WithMotive = 'authentication-rejected' | 'authentication-rejected-by-peer'
type WithDetail = 'connection-closed-by-unexpected-error' | 'tcp-connection-failed-unexpected-error' | 'user'

/** Why a connection was ended: a value. */
export type DisconnectionReason =
  | { readonly kind: WithDuring, readonly during: During }
  | { readonly kind: 'connection-closed-by-unexpected-error', readonly during: During, readonly error: string }
  | { readonly kind: 'tcp-connection-failed-unexpected-error', readonly error: string }
  | { readonly kind: WithMotive, readonly motive: RejectionMotive }
  | { readonly kind: 'user', readonly text: string }
  | { readonly kind: Exclude<Kind, WithDuring | WithMotive | WithDetail> }

/** A reason for people. */
export function disconnectionReasonText (reason: DisconnectionReason): string {
  const what = reason.kind.replaceAll('-', ' ')
  if ('motive' in reason) return `${what}: ${reason.motive}`
  if ('text' in reason) return reason.text
  const when = 'during' in reason ? ` on ${reason.during}` : ''
  return 'error' in reason ? `${what}${when}: ${reason.error}` : `${what}${when}`
}
