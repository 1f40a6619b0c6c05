import { type IdentifyPush, type IdentifyPushComponents, identifyPush } from '@libp2p/identify'
import type { Startable } from '@libp2p/interface'
import type { Clock } from '@weir/network'
import { NODE_DEFAULTS } from './defaults.ts'

/**
 * identify-push that tells peers of what changed here, some time after the last of several changes.
 *
 * It waits by itself: left to the service, the timer outlives its stop, and keeps a process that is done from ending.
 */
export function pushUpdates (clock: Clock): (components: IdentifyPushComponents) => IdentifyPush & Startable {
  return components => {
    const service = identifyPush({ runOnSelfUpdate: false, debounce: 0 })(components) as IdentifyPush & Startable
    const log = components.logger.forComponent('weir:identify-push')
    let waiting: Disposable | undefined
    const push = (): void => {
      service.push().catch(error => { log.error('could not push - %e', error) })
    }
    const onUpdate = (): void => {
      waiting?.[Symbol.dispose]()
      waiting = clock.setTimeout(push, NODE_DEFAULTS.pushDelayMs)
    }
    return {
      push: () => service.push(),
      async start (): Promise<void> {
        await service.start()
        components.events.addEventListener('self:peer:update', onUpdate)
      },
      async stop (): Promise<void> {
        components.events.removeEventListener('self:peer:update', onUpdate)
        waiting?.[Symbol.dispose]()
        await service.stop()
      }
    }
  }
}
