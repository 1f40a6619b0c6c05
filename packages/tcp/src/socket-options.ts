import { HIGH_WATER_MARK_BYTES } from './defaults.ts'
import type { TcpSettings } from './tcp-init.ts'

/** What sockets of both directions have in common. Writes are collected here, so the kernel need not: no Nagle. */
export function socketOptions ({ keepAliveMs }: TcpSettings): { noDelay: true, keepAlive: boolean, keepAliveInitialDelay: number, highWaterMark: number } {
  const keepAlive = keepAliveMs !== Infinity
  return { noDelay: true, keepAlive, keepAliveInitialDelay: keepAlive ? keepAliveMs : 0, highWaterMark: HIGH_WATER_MARK_BYTES }
}
