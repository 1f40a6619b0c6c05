import { type Command, CommanderError } from 'commander'
import type { CommandOutput } from './command-output.ts'
import { UsageError } from './errors.ts'
import { ExitCode } from './exit-code.ts'
import { createProgram } from './program.ts'
import type { LineSink } from './report.ts'

export interface RunWeirInit {
  /** Aborted when the command is to end. */
  readonly stop: AbortSignal
  /** Made of the same arguments. */
  readonly output: CommandOutput
}

/**
 * Runs the `weir` command. Whatever goes wrong becomes one line on stderr and an exit code; nothing is thrown.
 *
 * @param args - without the program's own name
 */
export async function runWeir (args: readonly string[], { stop, output }: RunWeirInit): Promise<ExitCode> {
  const program = createProgram({ report: output.report, stop })
  for (const command of [program, ...program.commands]) captureOutput(command, output.stdout)
  try {
    await program.parseAsync(args, { from: 'user' })
    return ExitCode.ok
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return output.complain(thrown)
    return thrown.exitCode === 0 ? ExitCode.ok : output.complain(asUsageError(thrown)) // 0: it was asked for its help
  }
}

/** Help goes where output goes; errors are thrown, and told in one place. */
function captureOutput (command: Command, stdout: LineSink): void {
  command.exitOverride().configureOutput({ writeOut: text => { stdout.write(text) }, writeErr () {} })
}

function asUsageError (thrown: CommanderError): UsageError {
  if (thrown.code === 'commander.help') return new UsageError('a command is missing (weir --help)')
  return new UsageError(`${thrown.message.replace(/^error: /, '')} (weir --help)`)
}
