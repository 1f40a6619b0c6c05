export { TCP_DEFAULTS, type TcpLimits } from './defaults.ts'
export { TcpAddressError, TcpBufferFullError, TcpConnLostError, TcpDialError, TcpListenError, TcpListenerClosedError, TcpTimeoutError } from './errors.ts'
export { tcp, type TcpComponents } from './tcp.ts'
export { type TcpInit } from './tcp-init.ts'
