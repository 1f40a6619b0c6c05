import { errorCodes } from './error-causes.ts'

/** What the command tells a script that started it. */
export const ExitCode = {
  /** It did what it was asked, or was stopped by a signal while it ran. */
  ok: 0,
  /** Something that has no code of its own. */
  failed: 1,
  /** The arguments are wrong. */
  usage: 2,
  /** The data directory cannot be used, or another node runs on it. */
  dataDir: 3,
  /** The key file, or the file of the pre-shared key, is no good. */
  key: 4,
  /** An address cannot be listened on, as when the port is in use. */
  listen: 5,
  /** The peer cannot be reached, or does not do what it was asked. */
  peer: 6,
  /** Stopped by a signal before there was a result. */
  interrupted: 7,
  /** The limits are none, or cannot hold. */
  limits: 8,
  /** The node that runs on the data directory cannot be asked, or says no. */
  control: 9,
  /** Stopped by a second SIGINT, or a second SIGTERM, as shells count: 128 and the number of the signal. */
  killedBySigint: 130,
  killedBySigterm: 143
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

const BY_ERROR_CODE: ReadonlyMap<string, ExitCode> = new Map<string, ExitCode>([
  ['USAGE', ExitCode.usage],
  ['INVALID_LISTEN_ADDRESS', ExitCode.usage],
  ['DATA_DIR', ExitCode.dataDir],
  ['DATA_DIR_LOCKED', ExitCode.dataDir],
  ['KEY_FILE_UNREADABLE', ExitCode.key],
  ['KEY_FILE_INSECURE', ExitCode.key],
  ['KEY_FILE_CORRUPT', ExitCode.key],
  ['PSK_FILE', ExitCode.key],
  ['INVALID_PSK', ExitCode.key],
  ['LISTEN_FAILED', ExitCode.listen],
  ['PEER_FAILED', ExitCode.peer],
  ['LIMITS_FILE', ExitCode.limits],
  ['LIMIT_CONFIG', ExitCode.limits],
  ['PLAN_CONTRADICTION', ExitCode.limits],
  ['CONTROL_SOCKET', ExitCode.control],
  ['CONTROL_PROTOCOL', ExitCode.control],
  ['CONTROL_REQUEST', ExitCode.control],
  ['INTERRUPTED', ExitCode.interrupted]
])

/** The exit code for whatever was thrown: by its own code, else by that of what caused it. */
export function exitCodeOf (error: unknown): ExitCode {
  for (const code of errorCodes(error)) {
    const exitCode = BY_ERROR_CODE.get(code)
    if (exitCode !== undefined) return exitCode
  }
  return ExitCode.failed
}
