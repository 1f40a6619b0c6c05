import { inspect } from 'node:util'
import { errorCodes } from './error-causes.ts'
import { type ExitCode, exitCodeOf } from './exit-code.ts'
import { explain } from './explain.ts'
import { createReport, type LineSink, type Report } from './report.ts'

export interface CommandOutputInit {
  /** `--json` and `--verbose` are looked for by hand: a complaint about the arguments has to have the right form too. */
  readonly args: readonly string[]
  /** `WEIR_DEBUG` shows where errors come from, as `--verbose` does. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: LineSink
  readonly stderr: LineSink
}

/** Everything a command says. */
export interface CommandOutput {
  readonly report: Report
  /** For help, which is text whatever else is asked for. */
  readonly stdout: LineSink
  /** Tells of an error that ends the command, in one line. @returns what to exit with */
  complain (error: unknown): ExitCode
}

export function createCommandOutput ({ args, env, stdout, stderr }: CommandOutputInit): CommandOutput {
  const json = args.includes('--json')
  const verbose = args.includes('--verbose') || Boolean(env.WEIR_DEBUG)
  const report = createReport({ json, stdout, stderr })
  return {
    report,
    stdout,
    complain (error) {
      const exitCode = exitCodeOf(error)
      const message = explain(error)
      const stack = verbose ? { stack: inspect(error) } : {}
      report.complain('error', { code: errorCodes(error)[0] ?? null, exitCode, message, ...stack }, `weir: ${message}`)
      if (verbose && !json) stderr.write(`${inspect(error)}\n`)
      return exitCode
    }
  }
}
