import assert from 'node:assert/strict'
import type { Case } from './case.ts'
import { within } from './within.ts'

/** A method that takes a signal. */
export interface AbortableMethod<Subject> {
  readonly name: string
  readonly call: (subject: Subject, signal: AbortSignal) => Promise<unknown>
  /** Whether the call waits by itself, until it is aborted: then giving up is tried as well. */
  readonly waits?: boolean | undefined
}

/** The trait "aborted": each method rejects with the reason of its signal, one that was aborted before as well as one that is aborted while it waits. */
export function aborted<Subject> (methods: readonly AbortableMethod<Subject>[]): Case<Subject>[] {
  return methods.flatMap(({ name, call, waits = false }) => {
    const before: Case<Subject> = {
      name: `${name} with an aborted signal rejects with its reason`,
      async run (subject) {
        const reason = new Error('given up before')
        await rejectsWith(reason, call(subject, AbortSignal.abort(reason)), name)
      }
    }
    const meanwhile: Case<Subject> = {
      name: `${name} rejects with the reason of its signal when it is given up`,
      async run (subject) {
        const controller = new AbortController()
        const reason = new Error('given up')
        const calling = rejectsWith(reason, call(subject, controller.signal), name)
        controller.abort(reason)
        await calling
      }
    }
    return waits ? [before, meanwhile] : [before]
  })
}

async function rejectsWith (reason: Error, calling: Promise<unknown>, name: string): Promise<void> {
  await within(assert.rejects(calling, error => error === reason, `${name} did not reject with the signal's reason`), `${name} gives up`)
}
