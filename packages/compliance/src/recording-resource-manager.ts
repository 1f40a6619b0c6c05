import { AssertionError } from 'node:assert/strict'
import { nullResourceManager, type ResourceManager } from '@weir/network'
import { type Intercept, interceptedResourceManager } from './intercepted-resource-manager.ts'

export interface RecordingResourceManager extends ResourceManager {
  /** One line for each call, in order. The array that was handed in, if one was. */
  readonly log: string[]
  /** What is open now, each scope by the line that opened it, and memory left on a scope that has no end. */
  leftOpen (): string[]
  /** @throws {AssertionError} naming every scope that was opened and not ended, and memory that was not given back */
  assertAllEnded (): void
}

/**
 * A double that writes down what is asked of a resource manager, in order:
 *
 * ```
 * openConnection outbound fd /ip4/192.0.2.1/tcp/4001
 * conn.setPeer 12D3KooW…
 * openStream inbound 12D3KooW…
 * stream.setProtocol /ipfs/ping/1.0.0
 * stream.done
 * conn.done
 * ```
 *
 * and in the same way `setService`, `beginSpan`, `span.done`, and `reserveMemory <bytes> <priority>` and `releaseMemory <bytes>` of
 * `conn`, `stream`, `span`, `peer`, `protocol`, `service`, `system` and `transient`. A call that throws ends with ` threw <code>`.
 * Ending a scope again is harmless and is not written down.
 *
 * @param log - where the lines go; give the same array to `recordingGater` to see both in one order
 * @param inner - who answers; the Null by default
 */
export function recordingResourceManager (log: string[] = [], inner: ResourceManager = nullResourceManager): RecordingResourceManager {
  const open = new Map<object, string>()
  const lentBytes = new Map<string, number>()

  const intercept: Intercept = (call, proceed) => {
    if (call.kind === 'end' && !open.has(call.target ?? call)) return proceed()
    let result: ReturnType<typeof proceed>
    try {
      result = proceed()
    } catch (error) {
      log.push(`${call.line} threw ${(error as { code?: unknown }).code ?? (error as Error).name}`)
      throw error
    }
    log.push(call.line)
    if (call.kind === 'open') open.set(result as object, call.line)
    if (call.kind === 'end' && call.target !== undefined) open.delete(call.target)
    if (call.lent !== undefined && call.bytes > 0) {
      const left = (lentBytes.get(call.lent) ?? 0) + (call.kind === 'reserve' ? call.bytes : -call.bytes)
      if (left === 0) lentBytes.delete(call.lent)
      else lentBytes.set(call.lent, left)
    }
    return result
  }

  const leftOpen = (): string[] => [...open.values(), ...Array.from(lentBytes, ([scope, bytes]) => `${bytes} bytes on ${scope}`)]
  return {
    ...interceptedResourceManager(inner, intercept),
    log,
    leftOpen,
    assertAllEnded () {
      const left = leftOpen()
      if (left.length > 0) throw new AssertionError({ message: `not given back:\n  ${left.join('\n  ')}`, actual: left, expected: [], operator: 'deepStrictEqual' })
    }
  }
}
