import type { Libp2pEvents, Logger } from '@libp2p/interface'
import { type EventHandler, TypedEventEmitter } from 'main-event'

type Events = Libp2pEvents
type AnyHandler = EventHandler<never>

/**
 * The events of js-libp2p, whose listeners cannot do harm: what one throws, at once or later, is logged.
 *
 * With a plain `EventTarget` it would end the process, and much of what listeners work on was sent by remotes.
 */
export class SafeEvents extends TypedEventEmitter<Events> {
  readonly #log: Logger
  readonly #guarded = new WeakMap<AnyHandler, EventHandler<Event>>()

  constructor (log: Logger) {
    super()
    this.#log = log
  }

  override addEventListener<K extends keyof Events> (type: K, listener: EventHandler<Events[K]> | null, options?: boolean | AddEventListenerOptions): void {
    if (listener === null) return
    let guarded = this.#guarded.get(listener)
    if (guarded === undefined) {
      guarded = event => { this.#call(listener, event as Events[K]) }
      this.#guarded.set(listener, guarded)
    }
    super.addEventListener(type, guarded, options)
  }

  override removeEventListener (type: string, listener?: AnyHandler | null, options?: boolean | EventListenerOptions): void {
    if (listener === undefined || listener === null) return
    super.removeEventListener(type as keyof Events, this.#guarded.get(listener) ?? (listener as EventHandler<Event>), options)
  }

  #call<E> (listener: EventHandler<E>, event: E): void {
    void Promise.try(() => typeof listener === 'function' ? listener(event) : listener.handleEvent(event))
      .catch(error => { this.#log.error('an event listener failed - %e', error) })
  }
}
