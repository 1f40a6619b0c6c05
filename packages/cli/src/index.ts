export { CLI_DEFAULTS } from './defaults.ts'
export { ExitCode } from './exit-code.ts'
export { type LineSink } from './report.ts'
export { runWeir, type RunWeirInit } from './run-weir.ts'
