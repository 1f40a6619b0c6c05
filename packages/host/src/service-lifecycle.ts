import type { Logger } from '@libp2p/interface'
import { ServiceStartError } from './errors.ts'

type Phase = 'beforeStart' | 'start' | 'afterStart' | 'beforeStop' | 'stop' | 'afterStop'

async function run (service: unknown, phase: Phase): Promise<void> {
  const method = (service as Partial<Record<Phase, unknown>> | null | undefined)?.[phase]
  if (typeof method === 'function') await method.call(service)
}

/**
 * Starts js-libp2p services: all `beforeStart`, then all `start`, then all `afterStart`, each in the order of the object. What
 * has none of them needs no start.
 *
 * @throws {ServiceStartError} naming the first that failed; the caller stops them all then
 */
export async function startServices (services: object): Promise<void> {
  for (const phase of ['beforeStart', 'start', 'afterStart'] as const) {
    for (const [name, service] of Object.entries(services)) {
      try {
        await run(service, phase)
      } catch (cause) {
        throw new ServiceStartError(name, { cause })
      }
    }
  }
}

/** Stops services in reverse order, phase by phase. Never throws: one that fails is logged and keeps the others from nothing. */
export async function stopServices (services: object, log: Logger): Promise<void> {
  for (const phase of ['beforeStop', 'stop', 'afterStop'] as const) {
    for (const [name, service] of Object.entries(services).reverse()) {
      try {
        await run(service, phase)
      } catch (error) {
        log.error('the service %s failed in %s - %e', name, phase, error)
      }
    }
  }
}
