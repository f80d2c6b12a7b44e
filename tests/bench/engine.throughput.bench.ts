/** @file Benchmark: durable commands per second through the whole engine, beside bare better-sqlite3 writing the same rows. */
import path from 'node:path'
import Database from 'better-sqlite3'
import { createSecrets } from '../../main/adapters/secrets/secrets.ts'
import { createSqliteStore } from '../../main/adapters/sqlite/store.ts'
import type { Core } from '../../main/core/api.ts'
import type { CommitBatch, Store } from '../../main/core/ports.ts'
import { demoDocuments, startTestCore, tempDir } from '../support/core.ts'
import { machineClock, quietLog } from '../support/ports.ts'
import { progress, report, round } from './lib/report.ts'

/** Two thousand last a second with many waiting: compiling shows in that. */
const COMMANDS = 10_000
const WAITING = 32
const ROUNDS = 3

const secrets = createSecrets()
const actor = { device: { id: 'bench', name: 'Bench' }, staff: null, roles: ['admin' as const] }
const DISHES = ['fries', 'soup', 'tiramisu', 'margherita']

function placeOrder() {
  const id = () => secrets.uuid(Date.now())
  return {
    order: id(),
    type: 'takeaway',
    items: DISHES.map((menuItem) => ({ id: id(), menuItem, quantity: 2 })),
  }
}

/** A store that also keeps a copy of every batch, so that bare SQLite can write the same rows. */
function recording(store: Store, batches: CommitBatch[]): Store {
  return {
    ...store,
    commit(batch) {
      batches.push(batch)
      return store.commit(batch)
    },
  }
}

async function send(core: Core, waiting: number): Promise<number> {
  const started = performance.now()
  let sent = 0
  async function worker(): Promise<void> {
    while (sent++ < COMMANDS) {
      const answer = await core.submit('placeOrder', placeOrder(), actor)
      if (!answer.ok) throw new Error(JSON.stringify(answer.error))
    }
  }
  await Promise.all(Array.from({ length: waiting }, worker))
  return COMMANDS / ((performance.now() - started) / 1000)
}

async function engineRound(waiting: number): Promise<{ rate: number; batches: CommitBatch[] }> {
  const folder = tempDir()
  const batches: CommitBatch[] = []
  const file = path.join(folder.dir, 'plate.db')
  const store = recording(createSqliteStore({ file, clock: machineClock, log: quietLog }), batches)
  const core = await startTestCore(folder.dir, { store })
  // A new store makes its first backup by itself a few seconds after it was opened: not in the middle of this.
  await store.backup()
  batches.length = 0
  const rate = await send(core, waiting)
  await core.stop()
  folder.remove()
  return { rate, batches }
}

/** The same rows, durable in the same way, by nothing but prepared statements on one thread. */
async function bareRound(batches: readonly CommitBatch[]): Promise<number> {
  const folder = tempDir()
  const core = await startTestCore(folder.dir)
  await core.stop()
  const db = new Database(path.join(folder.dir, 'plate.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  const event = db.prepare(
    'INSERT INTO events (id, order_id, kind, v, stamp, at, device, source, applied, body) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING',
  )
  const order = db.prepare(
    'INSERT INTO orders (id, day, number, open, closed_at, body) VALUES (?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
  )
  const receipt = db.prepare('INSERT INTO receipts (command, at, body) VALUES (?,?,?)')
  const audit = db.prepare('INSERT INTO audit (at, order_id, body) VALUES (?,?,?)')
  const counter = db.prepare(
    'INSERT INTO counters (day, next) VALUES (?,?) ON CONFLICT (day) DO UPDATE SET next = excluded.next',
  )
  const meta = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const journaled = db.prepare(
    'INSERT INTO journaled (device, upto) VALUES (?,?) ON CONFLICT (device) DO UPDATE SET upto = excluded.upto',
  )
  let line = 0
  const write = db.transaction((batch: CommitBatch) => {
    for (const { event: e } of batch.entries)
      event.run(
        e.id,
        e.order,
        e.kind,
        e.v,
        e.stamp,
        e.at,
        e.device,
        null,
        1,
        JSON.stringify({ staff: e.staff, command: e.command, data: e.data }),
      )
    for (const { state } of batch.orders)
      order.run(
        state.id,
        state.opened?.day ?? null,
        state.opened?.number ?? null,
        1,
        null,
        JSON.stringify(state),
      )
    for (const r of batch.receipts) receipt.run(r.command, r.at, JSON.stringify(r.outcome))
    for (const a of batch.audit) audit.run(a.at, a.order, JSON.stringify(a))
    for (const { day, next } of batch.counters) counter.run(day, next)
    meta.run('stamp', batch.stamp)
    journaled.run('bench', ++line)
  })
  const started = performance.now()
  for (const batch of batches) write.immediate(batch)
  const rate = COMMANDS / ((performance.now() - started) / 1000)
  db.close()
  folder.remove()
  return rate
}

async function compare(waiting: number): Promise<{ engine: number; bare: number; perCommit: number }> {
  let best = { engine: 0, bare: 0, perCommit: 0 }
  for (let turn = 0; turn < ROUNDS; turn++) {
    const { rate, batches } = await engineRound(waiting)
    const bare = await bareRound(batches)
    progress(`${waiting} waiting: engine ${Math.round(rate)}/s, bare ${Math.round(bare)}/s`)
    // Medians would need more rounds; the best of each is the least disturbed by the machine.
    best = {
      engine: Math.max(best.engine, rate),
      bare: Math.max(best.bare, bare),
      perCommit: COMMANDS / batches.length,
    }
  }
  return best
}

if (!demoDocuments.menu) throw new Error('the demo restaurant has no menu')
const one = await compare(1)
const many = await compare(WAITING)
report('engine.throughput', {
  onePerSecond: Math.round(one.engine),
  oneBarePerSecond: Math.round(one.bare),
  oneRatio: round(one.engine / one.bare),
  waiting: WAITING,
  waitingPerSecond: Math.round(many.engine),
  waitingBarePerSecond: Math.round(many.bare),
  waitingRatio: round(many.engine / many.bare),
  waitingCommandsPerCommit: round(many.perCommit),
  commands: COMMANDS,
})
