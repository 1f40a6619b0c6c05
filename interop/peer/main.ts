import { answerCommandLines, type CommandLine, say } from './command-lines.ts'
import { type Arguments, COMMANDS } from './commands.ts'
import type { Library, StartOptions } from './library.ts'
import { serve } from './serve.ts'
import { STACK_NAMES, type StackName } from './wire-stack.ts'

// The weir or js-libp2p end of the tests: JSON lines in, JSON lines out, as ../README.md describes. Ends with its stdin.

interface Command extends CommandLine, Arguments, Omit<StartOptions, 'stack'> {}

const [libraryName, stack = ''] = process.argv.slice(2)
if ((libraryName !== 'weir' && libraryName !== 'js') || !STACK_NAMES.includes(stack)) throw new TypeError(`usage: main.ts weir|js ${STACK_NAMES.join('|')}`)

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
    library = await start({ psk: command.psk, listen: command.listen, stack: stack as StackName })
    return { peer: library.peer, addrs: library.addrs(), agent: library.agent }
  }
  const found = COMMANDS[command.cmd]
  if (library === undefined || found === undefined) throw new Error(`cannot ${command.cmd}`)
  return await found(library, command)
}

answerCommandLines<Command>({
  run,
  kind: error => library?.how(error).how ?? 'error',
  close: async () => { await library?.close() }
})
