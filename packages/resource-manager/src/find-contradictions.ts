import type { ConcreteLimits } from './concrete-limits.ts'
import type { Limit } from './limit.ts'
import { limitPath } from './limit-fields.ts'
import type { KeyedScope, SingleScope } from './limit-set.ts'
import type { PlanContradiction } from './plan-contradiction.ts'
import type { PlanNeed, PlanPart } from './plan-part.ts'
import { worstCase } from './worst-case.ts'

/** What the machine has, as far as that is known. */
export interface MachineSize {
  readonly machineMemoryBytes?: number | undefined
  readonly machineNumFd?: number | undefined
}

const SELF = '@weir/resource-manager'

const CONN_RESOURCES: ReadonlyArray<keyof Limit> = Object.freeze(['conns', 'connsInbound', 'connsOutbound', 'fd'])
const STREAM_RESOURCES: ReadonlyArray<keyof Limit> = Object.freeze(['streams', 'streamsInbound', 'streamsOutbound'])

/** The scopes behind the system's that everything passes, and where a name can have more than the default. */
const CONN_WAY: ReadonlyArray<readonly [SingleScope, KeyedScope?]> = Object.freeze([['transient'], ['peerDefault', 'peer'], ['conn']])
const STREAM_WAY: ReadonlyArray<readonly [SingleScope, KeyedScope?]> = Object.freeze([
  ['transient'], ['peerDefault', 'peer'], ['protocolDefault', 'protocol'], ['protocolPeerDefault', 'protocolPeer'], ['stream']
])

/**
 * What cannot hold at once among limits, demands and the machine.
 *
 * A limit of 0 in the system scope is a decision, and so is one that is unlimited: neither is a contradiction by itself.
 */
export function findContradictions (limits: ConcreteLimits, parts: readonly PlanPart[], machine: MachineSize): PlanContradiction[] {
  return [
    ...limits.system.conns > 0 ? blockedOnTheWay(limits, CONN_RESOURCES, CONN_WAY) : [],
    ...limits.system.streams > 0 ? blockedOnTheWay(limits, STREAM_RESOURCES, STREAM_WAY) : [],
    ...parts.flatMap(({ name, needs = [] }) => needs.flatMap(need => belowNeed(limits, name, need))),
    ...parts.flatMap(part => wrongWatermarks(limits.system, part)),
    ...aboveMachine(limits, parts, machine)
  ]
}

function blockedOnTheWay (limits: ConcreteLimits, resources: ReadonlyArray<keyof Limit>, way: ReadonlyArray<readonly [SingleScope, KeyedScope?]>): PlanContradiction[] {
  return resources.filter(resource => limits.system[resource] > 0).flatMap(resource => way
    .filter(([scope, byName]) => limits[scope][resource] === 0 && !(byName !== undefined && limits[byName].values().some(limit => limit[resource] > 0)))
    .map(([scope]) => contradiction('blocked-on-the-way', SELF, limitPath(scope, resource), 0, 1, `${limitPath('system', resource)} lets ${limits.system[resource]} in and ${limitPath(scope, resource)} lets none through`)))
}

function belowNeed (limits: ConcreteLimits, part: string, { per, scope, resource, atLeast, why }: PlanNeed): PlanContradiction[] {
  const counted = per === 'connection' ? 'conns' : 'streams'
  // Where a scope counts connections or streams and lets none in, none needs anything there.
  const isBlocked = limits.system[counted] === 0 || limits[scope][counted] === 0
  const limit = limits[scope][resource]
  if (isBlocked || limit >= atLeast) return []
  return [contradiction('below-need', part, limitPath(scope, resource), limit, atLeast, `${limitPath(scope, resource)} is ${limit}, and ${why} takes ${atLeast} (${part})`)]
}

function wrongWatermarks (system: Limit, { name, watermarks }: PlanPart): PlanContradiction[] {
  if (watermarks === undefined) return []
  const { lowWater, highWater } = watermarks
  const found = (['conns', 'connsInbound', 'fd'] as const).filter(resource => system[resource] > 0 && highWater > system[resource]).map(resource => {
    const path = limitPath('system', resource)
    return contradiction('watermark-above-limit', name, path, system[resource], highWater, `connections are trimmed from ${highWater} on (${name}), and ${path} refuses them above ${system[resource]} already`)
  })
  if (lowWater > highWater) found.push(contradiction('low-above-high', name, 'lowWater', lowWater, highWater, `the low water ${lowWater} is above the high water ${highWater} (${name})`))
  return found
}

function aboveMachine (limits: ConcreteLimits, parts: readonly PlanPart[], { machineMemoryBytes = Infinity, machineNumFd = 0 }: MachineSize): PlanContradiction[] {
  const { totalBytes, fds } = worstCase(limits, parts)
  const found: PlanContradiction[] = []
  if (totalBytes !== Infinity && totalBytes > machineMemoryBytes) {
    found.push(contradiction('above-machine', SELF, limitPath('system', 'memoryBytes'), totalBytes, machineMemoryBytes, `the worst case takes ${totalBytes} bytes, and the machine has ${machineMemoryBytes}`))
  }
  if (fds !== Infinity && machineNumFd > 0 && fds > machineNumFd) {
    found.push(contradiction('above-machine', SELF, limitPath('system', 'fd'), fds, machineNumFd, `the worst case takes ${fds} file descriptors, and the process may have ${machineNumFd}`))
  }
  return found
}

function contradiction (rule: PlanContradiction['rule'], part: string, path: string, limit: number, demanded: number, message: string): PlanContradiction {
  return Object.freeze({ rule, part, path, limit, demanded, message })
}
