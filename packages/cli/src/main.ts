#!/usr/bin/env node
import { runWeir } from './run-weir.ts'
import { stopOnSignals } from './stop-on-signals.ts'

const { stdout, stderr, env, argv } = process
const controller = new AbortController()
stopOnSignals(process, controller)
stdout.on('error', () => { controller.abort() }) // whoever read it has gone, as in `weir node | head`
stderr.on('error', () => {})
process.exitCode = await runWeir(argv.slice(2), { stop: controller.signal, stdout, stderr, env })
