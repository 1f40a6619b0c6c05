import { MAX_TICK_MS } from './defaults.ts'
import { MovingAverage } from './moving-average.ts'
import { TrafficLane } from './traffic-lane.ts'

/**
 * One direction of an I/O scheduler: a quota for all, refilled at every tick, and a fair share of the traffic for each.
 *
 * While the quota lasts everything is admitted at once. When it is used up, pieces wait, one for each connection, in the
 * order in which they came: first those of connections that have something left of their share (high), then the others (low).
 * A piece may take the quota below zero; that is paid back by later ticks. No I/O and no time in here.
 *
 * @see reference/tezos-p2p.md 4.1
 */
export class TrafficScheduler {
  readonly average: MovingAverage = new MovingAverage()
  readonly #maxBytesPerSecond: number
  readonly #lanes = new Set<TrafficLane>()
  #quotaBytes: number
  #high: TrafficLane[] = []
  #low: TrafficLane[] = []

  constructor (maxBytesPerSecond: number) {
    this.#maxBytesPerSecond = maxBytesPerSecond
    this.#quotaBytes = maxBytesPerSecond
  }

  get isLimited (): boolean {
    return this.#maxBytesPerSecond !== Infinity
  }

  open (): TrafficLane {
    const lane = new TrafficLane()
    this.#lanes.add(lane)
    return lane
  }

  /** Takes a connection out; what of it waits rejects. */
  close (lane: TrafficLane, cause: Error): void {
    if (!this.#lanes.delete(lane)) return
    this.#high = this.#high.filter(each => each !== lane)
    this.#low = this.#low.filter(each => each !== lane)
    lane.refuse(cause)
  }

  /** Charges bytes at once if there is quota. @returns whether it did */
  tryAdmit (lane: TrafficLane, bytes: number): boolean {
    if (this.#quotaBytes <= 0) return false
    this.#charge(lane, bytes)
    return true
  }

  /** Charges bytes as soon as it is their turn. @throws the cause with which the lane is closed meanwhile */
  async admit (lane: TrafficLane, bytes: number): Promise<void> {
    if (this.tryAdmit(lane, bytes)) return
    const turn = lane.wait(bytes)
    const queue = lane.quotaBytes > 0 ? this.#high : this.#low
    queue.push(lane)
    await turn
  }

  /** Takes the averages, refills the quotas, and admits what they allow. */
  tick (elapsedMs: number): void {
    this.average.update(elapsedMs)
    const shareBytes = Math.trunc(this.average.averageBytesPerSecond / this.#lanes.size)
    for (const lane of this.#lanes) {
      lane.average.update(elapsedMs)
      lane.quotaBytes = Math.min(lane.quotaBytes, 0) + shareBytes
    }
    // By the time that has passed, for a timer is late more often than not.
    const refillBytes = this.#maxBytesPerSecond * Math.min(elapsedMs, MAX_TICK_MS) / 1000
    this.#quotaBytes = Math.min(this.#quotaBytes, 0) + refillBytes
    const risen = this.#low.filter(lane => lane.quotaBytes > 0)
    this.#high.push(...risen)
    if (risen.length > 0) this.#low = this.#low.filter(lane => lane.quotaBytes <= 0)
    this.#serve()
  }

  #serve (): void {
    while (this.#quotaBytes > 0) {
      const lane = this.#high.shift() ?? this.#low.shift()
      if (lane === undefined) return
      this.#charge(lane, lane.waitingBytes ?? 0)
      lane.admit()
    }
  }

  #charge (lane: TrafficLane, bytes: number): void {
    this.average.add(bytes)
    lane.average.add(bytes)
    this.#quotaBytes -= bytes
    if (lane.quotaBytes > 0) lane.quotaBytes -= bytes // what nobody else wanted is free
  }
}
