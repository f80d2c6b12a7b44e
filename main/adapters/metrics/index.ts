/** @file Metrics as Prometheus reads them, through prom-client. Touches its own registry only. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from '../../core/ports.ts'

const PREFIX = 'plate_'
/** ms. Fine around what a person feels at once (100 ms), coarse beyond what is broken anyway (30 s). */
const BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000]

export interface PrometheusMetrics extends Metrics {
  /** Everything in Prometheus' text format. */
  text(): Promise<string>
  /** The media type of that text. */
  readonly contentType: string
}

export interface MetricsOptions {
  /** Adds memory, CPU and event-loop metrics of this process. */
  process?: boolean
}

type Labels = Record<string, string>

/** `Orders placed` → `plate_orders_placed`; what Prometheus does not allow becomes an underscore. */
function metricName(name: string): string {
  const plain = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9_:]/g, '_')
    .toLowerCase()
  return plain.startsWith(PREFIX) ? plain : PREFIX + plain
}

/** Finds or makes the metric of a name. The labels of its first use are its labels: prom-client refuses others. */
function family<M>(make: (name: string, labelNames: string[]) => M) {
  const made = new Map<string, { metric: M; labelNames: string[] }>()
  return (name: string, labels: Labels): { metric: M; labels: Labels } => {
    let found = made.get(name)
    if (!found) {
      const labelNames = Object.keys(labels)
      found = { metric: make(metricName(name), labelNames), labelNames }
      made.set(name, found)
    }
    const kept = Object.entries(labels).filter(([label]) => found.labelNames.includes(label))
    return { metric: found.metric, labels: Object.fromEntries(kept) }
  }
}

/** Metrics with a registry of their own, so that several cores can live in one process. */
export function createMetrics(options: MetricsOptions = {}): PrometheusMetrics {
  const registry = new Registry()
  const registers = [registry]
  if (options.process) collectDefaultMetrics({ register: registry, prefix: PREFIX })

  const counters = family((name, labelNames) => new Counter({ name, help: name, labelNames, registers }))
  const gauges = family((name, labelNames) => new Gauge({ name, help: name, labelNames, registers }))
  const times = family(
    (name, labelNames) =>
      new Histogram({ name, help: `${name} (ms)`, labelNames, buckets: BUCKETS, registers }),
  )
  return {
    count(name, by = 1, given = {}) {
      const { metric, labels } = counters(name, given)
      metric.inc(labels, by)
    },
    gauge(name, value, given = {}) {
      const { metric, labels } = gauges(name, given)
      metric.set(labels, value)
    },
    observe(name, ms, given = {}) {
      const { metric, labels } = times(name, given)
      metric.observe(labels, ms)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
