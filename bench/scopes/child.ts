import { createInterface } from 'node:readline'
import { countCalls } from './count-calls.ts'
import { measure } from './measure.ts'
import type { Operation, Peers } from './rows.ts'
import { Subject } from './subject.ts'

// Our side of the benchmark: answers lines as ../go/main.go does. With `count` for milliseconds it counts calls instead.

const COUNTED = 3_000

const subject = new Subject(Number(process.argv[2]))

function count (operation: (index: number) => void): string {
  // Everything idle goes before and after, so that each operation is counted with what it leaves to be collected.
  subject.collect()
  const scope = subject.manager.viewSystem(system => system)
  const { mapCalls, scopeVisits } = countCalls(scope, () => {
    for (let index = 0; index < COUNTED; index++) operation(index)
    subject.collect()
  })
  return `${mapCalls / COUNTED} ${scopeVisits / COUNTED}`
}

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [name, peers, how] = line.split(' ') as [Operation, Peers, string]
  const operation = subject.operation(name, peers)
  if (how === 'count') {
    process.stdout.write(`${count(operation)}\n`)
  } else {
    const { ns, cpuNs, bytes } = measure(operation, Number(how))
    process.stdout.write(`${ns} ${cpuNs} ${bytes}\n`)
  }
}
