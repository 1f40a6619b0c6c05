import assert from 'node:assert/strict'
import { createCommandOutput, runWeir } from '../src/index.ts'
import { assertOneLine, weir } from './start-weir.ts'

/** The command within this process: what it does with its arguments needs no other. */
async function run (...args: string[]): Promise<{ code: number, stdout: string, stderr: string }> {
  const output = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr'): { write (text: string): void } => ({ write (text) { output[name] += text } })
  const stop = new AbortController().signal
  const code = await runWeir(args, { stop, output: createCommandOutput({ args, env: {}, stdout: sink('stdout'), stderr: sink('stderr') }) })
  return { code, ...output }
}

describe('weir', function () {
  this.timeout(60_000)

  const mistakes: Array<[string, string[], RegExp]> = [
    ['no command', [], /^weir: a command is missing \(weir --help\)\n$/],
    ['an unknown command', ['nod'], /unknown command 'nod'.*Did you mean node/],
    ['an unknown option', ['node', '--lisen', 'x'], /unknown option '--lisen'.*Did you mean --listen/],
    ['an option without its value', ['node', '--data'], /argument missing/],
    ['too many arguments', ['id', 'x'], /too many arguments/],
    ['an argument that is missing', ['ping'], /missing required argument 'addr'/],
    ['a bad listen address', ['node', '--listen', 'localhost:4001'], /'localhost:4001' is invalid\. It is no multiaddr/],
    ['a bad second listen address', ['node', '--listen', '/ip4/127.0.0.1/tcp/0', '--listen', '/ip4/127.0.0.1/tcp/x'], /is invalid/],
    ['a peer without its id', ['node', '--peer', '/ip4/127.0.0.1/tcp/1'], /\/p2p\//],
    ['a bad address to ping', ['ping', 'x'], /It is no multiaddr/],
    ['a bad count', ['ping', '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ', '--count', '0'], /no whole number above 0/],
    ['a bad size', ['perf', '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ', '--upload', '1XB'], /no number of bytes/]
  ]
  for (const [name, args, pattern] of mistakes) {
    it(`with ${name} says so in one line`, async () => {
      const ended = await run(...args)
      assert.equal(ended.code, 2)
      assertOneLine(ended, pattern)
    })
  }

  it('says so as JSON with --json, wherever that stands', async () => {
    for (const args of [['--json', 'node', '--nope'], ['node', '--nope', '--json']]) {
      const { code, stdout, stderr } = await run(...args)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      const { message, ...rest } = JSON.parse(stderr) as Record<string, unknown>
      assert.deepEqual(rest, { event: 'error', code: 'USAGE', exitCode: 2 })
      assert.match(String(message), /--nope/)
    }
  })

  it('prints its help on stdout, with the options that all commands have', async () => {
    const { code, stdout, stderr } = await run('--help')
    assert.equal(code, 0)
    assert.equal(stderr, '')
    for (const command of ['node', 'limits', 'id', 'ping', 'perf']) assert.match(stdout, new RegExp(`^  ${command}\\b`, 'm'))
    assert.match((await run('node', '--help')).stdout, /--listen.*--json/s)
  })

  it('shows where an error comes from only when that is asked for', async () => {
    const { stderr } = await run('id', '--data', '/dev/null/x', '--verbose')
    assert.match(stderr, /^weir: [^\n]+\n.*Error.*\bat /s)
    const { stack } = JSON.parse((await run('id', '--data', '/dev/null/x', '--verbose', '--json')).stderr) as { stack: string }
    assert.match(stack, /\bat /)
  })

  it('is the same as a program', async () => {
    const ended = await weir('node', '--nope')
    assert.equal(ended.code, 2)
    assertOneLine(ended, /--nope/)
  })
})
