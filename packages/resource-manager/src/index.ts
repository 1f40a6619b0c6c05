export { type Limit } from './limit.ts'
export { type Limiter } from './limiter.ts'
