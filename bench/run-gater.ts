import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBasicGater } from '@weir/conn-gater'
import { LevelDatastore } from 'datastore-level'
import { blocklist } from './gater/blocklist.ts'
import { type CheckCost, checksOf, timeCheck } from './gater/checks.ts'
import { fillDatastore } from './gater/fill-datastore.ts'
import { type Load, measureLoad } from './gater/measure-load.ts'
import { GATER_USAGE, gaterOptions } from './gater/options.ts'

// The gater of conn-gater with a large blocklist: what one check takes, and what it takes to load it. No figure makes the run fail,
// a wrong answer does.

async function main (): Promise<void> {
  const { rounds, addrs, subnets, durationMs, json } = gaterOptions(process.argv.slice(2))
  const progress = (line: string): void => { process.stderr.write(`${line}\n`) }
  const list = blocklist(addrs, subnets)
  using dir = mkdtempDisposableSync(join(tmpdir(), 'weir-bench-gater-'))
  const loads: Record<string, Load[]> = {}
  const checks = new Map<string, CheckCost[]>()
  for (const [index, [name, part]] of ([['all', list], ['addresses alone', { addrs: list.addrs, subnets: [] }], ['subnets alone', { addrs: [], subnets: list.subnets }]] as const).entries()) {
    const folder = join(dir.path, String(index))
    const datastore = new LevelDatastore(folder)
    await datastore.open()
    await fillDatastore(datastore, part, Date.now())
    await datastore.close()
    for (let round = 1; round <= rounds; round++) {
      const load = await measureLoad(folder, part.addrs.length + part.subnets.length)
      progress(`${name}, load ${round}/${rounds}: ${load.ms.toFixed(0)} ms (${load.cpuMs.toFixed(0)} on processors), blocked ${load.blockMs.toFixed(1)} ms (${load.blockCpuMs.toFixed(1)}), ${load.bytesPerEntry.toFixed(0)} bytes an entry`)
      loads[name] = [...loads[name] ?? [], load]
    }
  }
  const datastore = new LevelDatastore(join(dir.path, '0'))
  await datastore.open()
  const gater = await createBasicGater({ datastore })
  const all = checksOf(gater, list)
  for (let round = 1; round <= rounds; round++) {
    for (const check of all) {
      const cost = timeCheck(check, durationMs)
      progress(`${check.name} ${round}/${rounds}: ${cost.ns.toFixed(0)} ns, ${cost.cpuNs.toFixed(0)} on a processor`)
      checks.set(check.name, [...checks.get(check.name) ?? [], cost])
    }
  }
  await gater.close()
  await datastore.close()
  const machine = { node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  const checkLines = [...checks].map(([name, costs]) => ({ name, ns: least(costs, 'ns'), cpuNs: least(costs, 'cpuNs') }))
  const loadLines = Object.entries(loads).map(([name, all]) => ({ name, ms: least(all, 'ms'), readCpuMs: least(all, 'readCpuMs'), cpuMs: least(all, 'cpuMs'), blockMs: least(all, 'blockMs'), blockCpuMs: least(all, 'blockCpuMs'), bytesPerEntry: least(all, 'bytesPerEntry') }))
  const text = JSON.stringify({ machine, rounds, addrs, subnets, checks: checkLines, loads: loadLines })
  const whole = (value: number): string => Math.round(value).toLocaleString('en')
  process.stdout.write([
    '',
    `${whole(addrs)} addresses, ${whole(subnets)} subnets`,
    '',
    '| Check | ns on a processor | ns |', '|---|---|---|',
    ...checkLines.map(({ name, ns, cpuNs }) => `| ${name} | ${whole(cpuNs)} | ${whole(ns)} |`),
    '',
    '| Load, from datastore-level | ms on processors | of it, reading alone | ms | longest block, ms on a processor | longest block, ms | bytes an entry |', '|---|---|---|---|---|---|---|',
    ...loadLines.map(({ name, ms, readCpuMs, cpuMs, blockMs, blockCpuMs, bytesPerEntry }) => `| ${name} | ${whole(cpuMs)} | ${whole(readCpuMs)} | ${whole(ms)} | ${blockCpuMs.toFixed(1)} | ${blockMs.toFixed(1)} | ${whole(bytesPerEntry)} |`),
    '',
    `${machine.cpus} x ${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${rounds} rounds`,
    '',
    text,
    ''
  ].join('\n'))
  if (json !== undefined) writeFileSync(json, `${text}\n`)
}

/** The best of the rounds. */
function least<T extends { readonly [K in keyof T]: number }> (rounds: readonly T[], of: keyof T): number {
  return Math.min(...rounds.map(round => round[of]))
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${GATER_USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
