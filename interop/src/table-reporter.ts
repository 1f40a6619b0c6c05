import { isGoInstalled } from './go-toolchain.ts'
import { whyNoNamespaces } from './namespaces.ts'
import { isPrometheusInstalled } from './prometheus-server.ts'

type Outcome = 'ok' | 'FAILED' | 'skipped'

interface Finished {
  readonly group: string
  readonly row: string
  readonly column: string
  readonly outcome: Outcome
}

const HOOK_TITLE = /^"(?:before|after) /

const print = (line = ''): void => { process.stdout.write(`${line}\n`) }

function pad (cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd()
}

/**
 * A mocha reporter: a line per row while it runs, the failures in full, and at the end the table of who dialled whom and
 * what worked.
 */
export default class TableReporter {
  readonly #finished: Finished[] = []
  readonly #startMs = performance.now()
  readonly #failures: { title: string, error: unknown }[] = []

  constructor (runner: Mocha.Runner) {
    runner.on('pass', test => { this.#add(test, 'ok') })
    runner.on('pending', test => { this.#add(test, 'skipped') })
    runner.on('fail', (test, error) => {
      this.#failures.push({ title: test.titlePath().join(' > '), error })
      this.#add(test, 'FAILED')
    })
    runner.on('suite end', suite => {
      if (suite.tests.length > 0) print(suite.titlePath().join(' > '))
    })
    runner.on('end', () => { this.#end() })
  }

  #add (test: Mocha.Runnable, outcome: Outcome): void {
    const path = test.titlePath()
    const column = HOOK_TITLE.test(test.title) ? 'set up' : test.title
    this.#finished.push({ group: path[0] === 'interop' ? path.at(-3) ?? '' : '', row: path.at(-2) ?? '', column, outcome })
    if (outcome === 'FAILED') print(`  FAILED ${path.join(' > ')}`)
  }

  #end (): void {
    for (const { title, error } of this.#failures) {
      print(`\nFAILED ${title}`)
      print(error instanceof Error ? `${error.stack}` : String(error))
    }
    for (const group of new Set(this.#finished.map(finished => finished.group))) {
      // The harness's own tests and js-libp2p's suites are not a table.
      if (group !== '') this.#table(group)
    }
    const count = (outcome: Outcome): number => this.#finished.filter(finished => finished.outcome === outcome).length
    print()
    if (count('skipped') > 0 && !isGoInstalled()) print('SKIPPED: the rows with go-libp2p, because Go is not installed here. Install Go and run again to have them.')
    if (count('skipped') > 0 && !isPrometheusInstalled()) print('SKIPPED: the tests with Prometheus, because it is not installed here. Install it (Debian: apt-get install prometheus) and run again to have them.')
    const noNamespaces = count('skipped') > 0 ? whyNoNamespaces() : undefined
    if (noNamespaces !== undefined) print(`SKIPPED: the tests between network namespaces, because they cannot be made here: ${noNamespaces}. Run again as root of a Linux with iproute2 to have them.`)
    // In the words of mocha's own reporters, for whoever counts.
    for (const [outcome, words] of [['ok', 'passing'], ['skipped', 'pending'], ['FAILED', 'failing']] as const) {
      if (outcome === 'ok' || count(outcome) > 0) print(`  ${count(outcome)} ${words}${outcome === 'ok' ? ` (${Math.round((performance.now() - this.#startMs) / 1000)}s)` : ''}`)
    }
  }

  #table (group: string): void {
    const rows = this.#finished.filter(finished => finished.group === group)
    const columns = [...new Set(rows.map(({ column }) => column))]
    const lines = [...new Set(rows.map(({ row }) => row))].map(row => [row, ...columns.map(column => rows.find(finished => finished.row === row && finished.column === column)?.outcome ?? '')])
    const table = [[group, ...columns], ...lines]
    const widths = table[0]?.map((_, index) => Math.max(...table.map(cells => cells[index]?.length ?? 0))) ?? []
    print()
    for (const cells of table) print(pad(cells, widths))
  }
}
