#!/usr/bin/env node
import { createCommandOutput } from './command-output.ts'
import { CLI_DEFAULTS } from './defaults.ts'
import { runWeir } from './run-weir.ts'
import { stopOnSignals } from './stop-on-signals.ts'

const { stdout, stderr, env, argv } = process
const args = argv.slice(2)
const output = createCommandOutput({ args, env, stdout, stderr })
process.on('uncaughtException', error => { process.exit(output.complain(error)) })

const controller = new AbortController()
stopOnSignals(process, controller)
stdout.on('error', () => { controller.abort() }) // whoever read it has gone, as in `weir node | head`
stderr.on('error', () => {})

process.exitCode = await runWeir(args, { stop: controller.signal, output })
setTimeout(() => process.exit(), CLI_DEFAULTS.exitTimeoutMs).unref() // it ends by itself, unless something was left behind
