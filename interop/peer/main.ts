import { createInterface } from 'node:readline'
import { type Arguments, COMMANDS } from './commands.ts'
import type { Library, StartOptions } from './library.ts'
import { serve } from './serve.ts'
import { STACK_NAMES, type StackName } from './wire-stack.ts'

// The weir or js-libp2p end of the tests: JSON lines in, JSON lines out, as ../README.md describes. Ends with its stdin.

interface Command extends Arguments {
  readonly id: number
  readonly cmd: string
  readonly psk?: string
}

const [libraryName, stack = ''] = process.argv.slice(2)
if ((libraryName !== 'weir' && libraryName !== 'js') || !STACK_NAMES.includes(stack)) throw new TypeError(`usage: main.ts weir|js ${STACK_NAMES.join('|')}`)

const say = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`) }

async function start (options: StartOptions): Promise<Library> {
  // Only one is imported, so that neither can lean on the other.
  const create = libraryName === 'weir' ? (await import('./weir.ts')).startWeir : (await import('./js.ts')).startJs
  const library = await create(options)
  await serve(library, say)
  return library
}

let library: Library | undefined

async function run (command: Command): Promise<unknown> {
  if (command.cmd === 'start') {
    library = await start({ psk: command.psk, stack: stack as StackName })
    return { peer: library.peer, addrs: library.addrs(), agent: library.agent }
  }
  const found = COMMANDS[command.cmd]
  if (library === undefined || found === undefined) throw new Error(`cannot ${command.cmd}`)
  return await found(library, command)
}

async function answer (command: Command): Promise<void> {
  try {
    say({ id: command.id, ok: true, result: await run(command) ?? {} })
  } catch (error) {
    say({ id: command.id, ok: false, error: error instanceof Error ? error.stack : String(error), kind: library?.how(error).how ?? 'error' })
  }
}

const lines = createInterface({ input: process.stdin })
lines.on('line', line => { void answer(JSON.parse(line) as Command) })
lines.on('close', () => { void (library?.close() ?? Promise.resolve()).finally(() => { process.exit() }) })
