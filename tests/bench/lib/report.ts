/** @file What all benchmarks share: percentiles, the machine's description, and the one JSON line on stdout. */
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import path from 'node:path'

/** The p-quantile (0–1) by nearest rank, rounded to µs. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return round(sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN)
}

/** Three decimals: µs of a time in ms, kB of a size in MB. */
export const round = (value: number) => Math.round(value * 1000) / 1000

/** p50, p95, p99 and the greatest of times in ms. */
export function percentiles(values: readonly number[]) {
  return {
    p50: quantile(values, 0.5),
    p95: quantile(values, 0.95),
    p99: quantile(values, 0.99),
    max: quantile(values, 1),
  }
}

/** Resident memory of a process in MB (Linux), or of this one elsewhere. */
export function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024)
  } catch {
    return Number.NaN
  }
}

const versionOf = (name: string) =>
  JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, '../../../node_modules', name, 'package.json'), 'utf8'),
  ).version

/** Prints the result as one JSON line. */
export function report(name: string, figures: Record<string, number | string | boolean>): void {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`
  const versions = `node ${process.versions.node}, better-sqlite3 ${versionOf('better-sqlite3')}, ws ${versionOf('ws')}`
  process.stdout.write(`${JSON.stringify({ name, ...figures, machine, versions })}\n`)
}

/** Tells how far it is, on stderr. */
export const progress = (text: string) => process.stderr.write(`  ${text}\n`)
