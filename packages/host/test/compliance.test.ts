import { suite } from '@weir/compliance'
import { hostCases, type HostSubject } from '../src/compliance.ts'
import { nullHost } from '../src/index.ts'
import { anyPeer } from './fake-conn.ts'
import { type HostPair, hostPair } from './host-pair.ts'
import { nothingUnhandled } from './unhandled.ts'

describe('compliance of createHost', () => {
  const owned = new WeakMap<HostSubject, HostPair>()
  const setup = async (): Promise<HostSubject> => {
    const pair = await hostPair()
    const subject = { host: pair.a, remote: pair.b, stranger: await anyPeer() }
    owned.set(subject, pair)
    return subject
  }
  const teardown = async (subject: HostSubject): Promise<void> => { await owned.get(subject)?.[Symbol.asyncDispose]() }
  for (const each of suite(hostCases, { capabilities: { connects: true }, setup, teardown })) {
    it(each.name, async () => {
      await using _ = nothingUnhandled()
      await each.run()
    })
  }
})

describe('compliance of nullHost', () => {
  const setup = async (): Promise<HostSubject> => ({ host: nullHost, remote: nullHost, stranger: await anyPeer() })
  for (const each of suite(hostCases, { capabilities: { connects: false }, setup })) it(each.name, async () => { await each.run() })
})
