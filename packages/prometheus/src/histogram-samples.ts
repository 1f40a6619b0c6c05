import type { HistogramSnapshot } from '@weir/network'
import type { LabelValues } from 'prom-client'
import type { Sample } from './pulled-metric.ts'

/** The lines of a histogram: its buckets, each with all below it, its sum and its count. */
export function histogramSamples (name: string, { bounds, counts, sum }: HistogramSnapshot, labels: LabelValues<string> = {}): Sample[] {
  let count = 0
  const buckets = counts.map((ofBucket, i): Sample => {
    count += ofBucket
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[i] ?? '+Inf' }, value: count }
  })
  return [...buckets, { metricName: `${name}_sum`, labels, value: sum }, { metricName: `${name}_count`, labels, value: count }]
}
