import type { Clock } from '@weir/network'
import { MAKE_ROOM_DEFAULTS } from './defaults.ts'

interface Guest {
  readonly group: string | undefined
  readonly endMs: number
}

/**
 * Newcomers for whom a place was made and who have not shown up yet, so that they count to their part of the net while they
 * shake hands. Who connects and says nothing would make place after place otherwise.
 */
export class ExpectedGuests {
  readonly #clock: Clock
  /** Oldest first. */
  #guests: Guest[] = []

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** Whether one more may be expected. */
  hasRoom (): boolean {
    const nowMs = this.#clock.monotonicMs()
    this.#guests = this.#guests.filter(({ endMs }) => endMs > nowMs)
    return this.#guests.length < MAKE_ROOM_DEFAULTS.maxExpected
  }

  /** How many are expected of a part of the net. */
  of (group: string | undefined): number {
    return this.#guests.reduce((sum, guest) => sum + Number(guest.group === group), 0)
  }

  add (group: string | undefined): void {
    this.#guests.push({ group, endMs: this.#clock.monotonicMs() + MAKE_ROOM_DEFAULTS.expectedTtlMs })
  }

  /** One has come from there. */
  arrived (group: string): void {
    const index = this.#guests.findIndex(guest => guest.group === group || guest.group === undefined)
    if (index !== -1) this.#guests.splice(index, 1)
  }
}
