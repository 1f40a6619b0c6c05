export { type ConnectTarget } from './connect-target.ts'
export { createHost } from './create-host.ts'
export { ECHO_DEFAULTS, HOST_DEFAULTS, IDENTIFY_DEFAULTS, PERF_DEFAULTS, PING_DEFAULTS } from './defaults.ts'
export { ECHO_PROTOCOL, registerEcho } from './echo.ts'
export {
  DuplicateProtocolHandlerError,
  HostClosedError,
  MissingPeerIdError,
  NotOfferedError,
  PerfLimitError,
  PingPayloadError,
  ServiceStartError,
  UnexpectedStreamEndError,
  UnhandledProtocolError
} from './errors.ts'
export { type HostComponents } from './host-components.ts'
export { nullHost } from './host.null.ts'
export { type Host, type HostInit, type ServiceFactories } from './host.ts'
export { PERF_PROTOCOL, perf, registerPerf, type PerfOptions, type PerfResponderOptions, type PerfResult } from './perf.ts'
export { PING_PROTOCOL, ping, pings, registerPing, type PingOptions } from './ping.ts'
