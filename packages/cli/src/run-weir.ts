import { inspect } from 'node:util'
import { type Command, CommanderError } from 'commander'
import { errorCodes } from './error-causes.ts'
import { UsageError } from './errors.ts'
import { ExitCode, exitCodeOf } from './exit-code.ts'
import { explain } from './explain.ts'
import { createProgram } from './program.ts'
import { createReport, type LineSink } from './report.ts'

export interface RunWeirInit {
  /** Aborted when the command is to end. */
  readonly stop: AbortSignal
  readonly stdout: LineSink
  readonly stderr: LineSink
  /** `WEIR_DEBUG` shows where errors come from, as `--verbose` does. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Runs the `weir` command. Whatever goes wrong becomes one line on stderr and an exit code; nothing is thrown.
 *
 * @param args - without the program's own name
 */
export async function runWeir (args: readonly string[], { stop, stdout, stderr, env }: RunWeirInit): Promise<ExitCode> {
  // Looked for by hand, since a complaint about the arguments has to have the right form too.
  const json = args.includes('--json')
  const verbose = args.includes('--verbose') || Boolean(env.WEIR_DEBUG)
  const report = createReport({ json, stdout, stderr })
  const program = createProgram({ report, stop })
  for (const command of [program, ...program.commands]) captureOutput(command, stdout)
  try {
    await program.parseAsync(args, { from: 'user' })
    return ExitCode.ok
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return ExitCode.ok // it was asked for its help
    const error = thrown instanceof CommanderError ? asUsageError(thrown) : thrown
    const exitCode = exitCodeOf(error)
    const message = explain(error)
    report.complain('error', { code: errorCodes(error)[0] ?? null, exitCode, message, ...(verbose ? { stack: inspect(error) } : {}) }, `weir: ${message}`)
    if (verbose && !json) stderr.write(`${inspect(error)}\n`)
    return exitCode
  }
}

/** Help goes where output goes; errors are thrown, and told in one place. */
function captureOutput (command: Command, stdout: LineSink): void {
  command.exitOverride().configureOutput({ writeOut: text => { stdout.write(text) }, writeErr () {} })
}

function asUsageError (thrown: CommanderError): UsageError {
  if (thrown.code === 'commander.help') return new UsageError('a command is missing: weir --help lists them', { cause: thrown })
  return new UsageError(`${thrown.message.replace(/^error: /, '')} (weir --help)`)
}
