import { HIGH_WATER_MARK_BYTES } from './defaults.ts'
import type { TcpSettings } from './tcp-init.ts'

export interface SocketOptions {
  /** Writes are collected here, so the kernel need not. */
  readonly noDelay: true
  /** The connection itself ends its side after the remote's, when what was written is gone; the runtime would at once. */
  readonly allowHalfOpen: true
  readonly keepAlive: boolean
  readonly keepAliveInitialDelay: number
  readonly highWaterMark: number
}

/** What sockets of both directions have in common. */
export function socketOptions ({ keepAliveMs }: TcpSettings): SocketOptions {
  const keepAlive = keepAliveMs !== Infinity
  return { noDelay: true, allowHalfOpen: true, keepAlive, keepAliveInitialDelay: keepAlive ? keepAliveMs : 0, highWaterMark: HIGH_WATER_MARK_BYTES }
}
