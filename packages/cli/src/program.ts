import type { Multiaddr } from '@multiformats/multiaddr'
import type { RuleTarget } from '@weir/node'
import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { commandBans } from './command-bans.ts'
import { commandId } from './command-id.ts'
import { commandLimits } from './command-limits.ts'
import { commandNode, type NodeCommandOptions } from './command-node.ts'
import { commandPerf, type PerfCommandOptions } from './command-perf.ts'
import { commandPing, type PingCommandOptions } from './command-ping.ts'
import { commandRules, type RuleCommand, type RuleCommandOptions } from './command-rules.ts'
import { defaultDataDir } from './default-data-dir.ts'
import { CLI_DEFAULTS } from './defaults.ts'
import type { LimitsOptions } from './limits-options.ts'
import { parseAddress, parsePeerAddress } from './parse-address.ts'
import { parseDuration } from './parse-duration.ts'
import { parseBytes, parseCount, parseRate } from './parse-number.ts'
import { parseTarget } from './parse-target.ts'

/** The commands and their arguments. What is parsed is handed to one `command...` function each. */
export function createProgram (context: CommandContext): Command {
  const program = new Command('weir')
    .description('A libp2p node that decides how much network passes.')
    .option('--json', 'write lines of JSON')
    .option('--verbose', 'show where errors come from')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  withLimits(program.command('node'))
    .description('run a node until SIGINT or SIGTERM')
    .option('--listen <addr...>', 'addresses to listen on (default: /ip4/0.0.0.0/tcp/0)', collect(parseAddress))
    .option('--data <dir>', 'where the key and the lock are kept', defaultDataDir())
    .option('--peer <addr...>', 'peers to connect to, with /p2p/', collect(parsePeerAddress))
    .option('--psk <file>', 'the key file of a private network')
    .option('--metrics <addr>', 'serve metrics for Prometheus: a port of this machine, or a host and a port')
    .option('--max-upload <bytes>', 'how much may be sent in a second, such as 512KiB (default: no limit)', parseRate)
    .option('--max-download <bytes>', 'how much may be received in a second (default: no limit)', parseRate)
    .action((options: NodeCommandOptions) => commandNode(options, context))
  withLimits(program.command('limits'))
    .description('print the limits that a node has here, and what it can use at most')
    .action((options: LimitsOptions) => commandLimits(options, context))
  program.command('id')
    .description('print the peer id of a data directory, which is made when there is none')
    .option('--data <dir>', 'where the key is kept', defaultDataDir())
    .action((options: { data: string }) => commandId(options, context))
  program.command('ping')
    .description('measure the round trips to a peer')
    .argument('<addr>', 'the address of the peer, with /p2p/', parsePeerAddress)
    .option('--count <n>', 'how often', parseCount, CLI_DEFAULTS.pingCount)
    .option('--psk <file>', 'the key file of the private network that the peer is in')
    .action((address: Multiaddr, options: PingCommandOptions) => commandPing(address, options, context))
  program.command('perf')
    .description('measure the throughput to a peer')
    .argument('<addr>', 'the address of the peer, with /p2p/', parsePeerAddress)
    .option('--upload <bytes>', 'how much to send, such as 10MiB', parseBytes, CLI_DEFAULTS.uploadBytes)
    .option('--download <bytes>', 'how much to receive', parseBytes, CLI_DEFAULTS.downloadBytes)
    .option('--psk <file>', 'the key file of the private network that the peer is in')
    .action((address: Multiaddr, options: PerfCommandOptions) => commandPerf(address, options, context))
  withReason(ruleCommand(program, 'ban', 'deny peers, addresses and subnets, and close the connections they have', context))
  ruleCommand(program, 'unban', 'take bans back', context)
  withReason(ruleCommand(program, 'trust', 'let peers, addresses and subnets in whatever bans there are, and never trim them', context))
  ruleCommand(program, 'untrust', 'take trust back', context)
  program.command('bans')
    .description('list who is banned and who is trusted')
    .option('--data <dir>', 'of the node', defaultDataDir())
    .action((options: { data: string }) => commandBans(options, context))
  return program
}

function ruleCommand (program: Command, name: RuleCommand, description: string, context: CommandContext): Command {
  return program.command(name)
    .description(description)
    .argument('<target...>', 'peer ids, IP addresses, subnets such as 192.0.2.0/24, or multiaddrs', collect(parseTarget))
    .option('--data <dir>', 'of the node', defaultDataDir())
    .action((targets: readonly RuleTarget[], options: RuleCommandOptions) => commandRules(name, targets, options, context))
}

function withReason (command: Command): Command {
  return command
    .option('--reason <text>', 'why')
    .option('--for <duration>', 'such as 30m, 24h or 7d (default: until it is taken back)', parseDuration)
}

function withLimits (command: Command): Command {
  return command
    .option('--limits <file>', 'limits that count over those of the budget, as JSON of go-libp2p')
    .option('--memory <bytes>', 'how much memory the network may use, such as 256MiB (default: an eighth of what there is)', parseBytes)
    .option('--fds <n>', 'how many file descriptors the network may use (default: half of those there are)', parseCount)
}

/** For an option that may stand several times, and take several values each time. */
function collect<T> (parse: (text: string) => T): (text: string, previous?: readonly T[]) => T[] {
  return (text, previous = []) => [...previous, parse(text)]
}
