import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Gate, GATES, type Violation } from './gates.ts'
import { ROOT } from './house.ts'

// Proves that each gate can fail: in a clone of what is committed, every gate has to pass, and then to fail at each fault
// that is planted, and to say so. Arguments choose gates by a part of their command.

const copy = mkdtempSync(join(tmpdir(), 'weir-gates-'))

function git (...args: string[]): void {
  execFileSync('git', ['-C', copy, ...args], { stdio: 'ignore' })
}

function restore (): void {
  git('checkout', '--quiet', '.')
  git('clean', '--force', '-d', '--quiet')
}

interface Outcome { readonly green: boolean, readonly output: string }

function pass (gate: Gate): Outcome {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', gate.command], { cwd: copy, encoding: 'utf8', maxBuffer: 256 << 20 })
  return { green: status === 0, output: `${stdout}${stderr}` }
}

/** What is wrong with the gate, or `undefined` when it found the fault. */
function blindness (gate: Gate, violation: Violation): string | undefined {
  try {
    violation.plant(copy)
    const { green, output } = pass(gate)
    if (green) return 'stayed green'
    if (!violation.shows.test(output)) return `turned red, but not for this: ${output.slice(-2_000)}`
    return undefined
  } finally {
    restore()
  }
}

let proved = 0
let blind = 0

function report (text: string, fault: string | undefined): void {
  if (fault === undefined) proved++
  else blind++
  console.log(`${fault === undefined ? 'ok  ' : 'FAIL'} ${text}${fault === undefined ? '' : `: ${fault}`}`)
}

try {
  execFileSync('git', ['clone', '--quiet', ROOT, copy])
  execFileSync('npm', ['ci', '--prefer-offline'], { cwd: copy, stdio: 'ignore' })
  const chosen = process.argv.slice(2)
  for (const gate of GATES.filter(({ command }) => chosen.length === 0 || chosen.some(part => command.includes(part)))) {
    const { green, output } = pass(gate)
    report(`${gate.command} passes`, green ? undefined : `it is red before anything is planted: ${output.slice(-2_000)}`)
    restore()
    for (const violation of gate.violations) report(`${gate.command} finds ${violation.what}`, blindness(gate, violation))
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`${proved} proved, ${blind} failed`)
if (blind > 0 || proved === 0) process.exitCode = 1
