import { createInterface } from 'node:readline'

export interface CommandLine {
  readonly id: number
  readonly cmd: string
}

export interface CommandLinesInit<C extends CommandLine> {
  run (command: C): Promise<unknown>
  /** In one word, what kind of failure an error is. */
  kind (error: unknown): string
  /** What is done when no more lines come; the process ends then. */
  close (): Promise<void>
}

/** A line of JSON on stdout. */
export function say (line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Answers the commands that come on stdin, each when it is done, and ends the process with stdin. */
export function answerCommandLines<C extends CommandLine> ({ run, kind, close }: CommandLinesInit<C>): void {
  const answer = async (command: C): Promise<void> => {
    try {
      say({ id: command.id, ok: true, result: await run(command) ?? {} })
    } catch (error) {
      say({ id: command.id, ok: false, error: error instanceof Error ? error.stack : String(error), kind: kind(error) })
    }
  }
  const lines = createInterface({ input: process.stdin })
  lines.on('line', line => { void answer(JSON.parse(line) as C) })
  lines.on('close', () => { void close().finally(() => { process.exit() }) })
}
