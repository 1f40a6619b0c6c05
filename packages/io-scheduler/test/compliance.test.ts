import { assertNoTimers, ManualClock, suite } from '@weir/compliance'
import { ioSchedulerCases, type IoSchedulerSubject } from '../src/compliance.ts'
import { createIoScheduler, nullIoScheduler } from '../src/index.ts'

const maxBytesPerSecond = 1_000

describe('compliance of createIoScheduler', () => {
  const setup = (): IoSchedulerSubject => {
    const clock = new ManualClock()
    return { clock, maxBytesPerSecond, scheduler: createIoScheduler({ clock, maxDownloadBytesPerSecond: maxBytesPerSecond, maxUploadBytesPerSecond: maxBytesPerSecond }) }
  }
  const teardown = async ({ scheduler, clock }: IoSchedulerSubject): Promise<void> => {
    await scheduler.close()
    assertNoTimers(clock)
  }
  for (const each of suite(ioSchedulerCases, { capabilities: { schedules: true }, setup, teardown })) it(each.name, async () => { await each.run() })
})

describe('compliance of nullIoScheduler', () => {
  const setup = (): IoSchedulerSubject => ({ clock: new ManualClock(), maxBytesPerSecond, scheduler: nullIoScheduler })
  for (const each of suite(ioSchedulerCases, { capabilities: { schedules: false }, setup })) it(each.name, async () => { await each.run() })
})
