/** @file Benchmark: every query of the app on a history of 200,000 orders, in the database's own time, planning included. */
import { appQueries, fullBatches } from '../supabase/lib/app-queries.ts'
import { openLargeRestaurant } from '../supabase/lib/large-restaurant.ts'
import { percentiles, progress, quantile, report } from './lib/report.ts'

const EXECUTIONS = 50

const large = await openLargeRestaurant()

/** The slowest of `queries` by its p95 (ms), and all their executions together. */
async function slowest(queries: ReturnType<typeof appQueries>) {
  const all: number[] = []
  let worst = { p95: 0, name: '' }
  for (const [who, what, text] of queries) {
    const { ms } = await large.measure(who, text, EXECUTIONS)
    all.push(...ms)
    const p95 = quantile(ms, 0.95)
    if (p95 > worst.p95) worst = { p95, name: `${who}: ${what}` }
    progress(`${p95} ms  ${who}: ${what}`)
  }
  return { ...percentiles(all), slowest: worst.name, slowest_p95: worst.p95 }
}

const queries = await slowest(appQueries(large.id))
const batches = await slowest(fullBatches())
await large.close()
report('sync.queries', {
  ...queries,
  batch_p50: batches.p50,
  batch_p95: batches.p95,
  executions: EXECUTIONS,
})
