import type { Report } from './report.ts'

/** What a command is given besides its arguments. */
export interface CommandContext {
  readonly report: Report
  /** Aborted when the command is to end. */
  readonly stop: AbortSignal
}
