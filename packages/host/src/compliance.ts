export { hostCases, type HostCase } from './host-cases.ts'
export { type HostSubject } from './host-subject.ts'
