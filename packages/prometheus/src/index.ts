export { type ConnManagerSource } from './conn-manager-metrics.ts'
export { createMetrics, type MetricsInit } from './create-metrics.ts'
export { type ResourceManagerSource } from './resource-manager-metrics.ts'
export { type SwarmSource } from './swarm-metrics.ts'
