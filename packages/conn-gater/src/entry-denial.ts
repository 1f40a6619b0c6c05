import type { Denial } from '@weir/network'
import type { Entry } from './entry.ts'

/** The rules of this package's gaters, each with its code. */
const RULES = {
  'blocked-peer': 'BLOCKED_PEER',
  'blocked-addr': 'BLOCKED_ADDR',
  'blocked-subnet': 'BLOCKED_SUBNET',
  'banned-peer': 'BANNED_PEER',
  'banned-addr': 'BANNED_ADDR',
  isolated: 'ISOLATED',
  'unknown-private-addr': 'UNKNOWN_PRIVATE_ADDR',
  'greylisted-peer': 'GREYLISTED_PEER',
  'greylisted-addr': 'GREYLISTED_ADDR'
} as const

export type GaterRule = keyof typeof RULES
export type GaterRuleCode = typeof RULES[GaterRule]

/** Who is denied, why, until when. The sentence is made when it is read: most denials are only counted. */
export class EntryDenial implements Denial {
  readonly rule: GaterRule
  /** Makes the text of who is denied, such as `peer 12D3...`. */
  readonly #subject: () => string
  readonly reason: string
  /** Wall clock; `Infinity`: without an end. */
  readonly untilMs: number

  constructor (rule: GaterRule, subject: () => string, { reason, untilMs }: Pick<Entry, 'reason' | 'untilMs'>) {
    this.rule = rule
    this.#subject = subject
    this.reason = reason
    this.untilMs = untilMs
  }

  get code (): GaterRuleCode {
    return RULES[this.rule]
  }

  get message (): string {
    const why = this.reason === '' ? '' : `: ${this.reason}`
    const until = this.untilMs === Infinity ? ', until it is taken back' : `, until ${timeText(this.untilMs)}`
    return `${this.#subject()} is ${this.rule.split('-')[0]}${why}${until}`
  }
}

function timeText (ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms` // beyond that a date is none
}
