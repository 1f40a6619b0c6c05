export { handConn, type HandConn } from './hand-conn.ts'
export { ioSchedulerCases, type IoSchedulerCase } from './io-scheduler-cases.ts'
export { type IoSchedulerSubject } from './io-scheduler-subject.ts'
