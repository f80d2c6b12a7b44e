/** @file A process of its own with a store, for what only a process can show: locks, kills, limits. `child.ts MODE DIR [FILLER]`. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createSqliteStore } from '../../../main/adapters/sqlite/store.ts'
import type { StoreError } from '../../../main/core/ports.ts'
import { batchOf, idsOf, orderOf, placed } from './orders.ts'

const [mode, dir = '', filler] = process.argv.slice(2)
const nothing = () => undefined
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const store = createSqliteStore({ file: path.join(dir, 'plate.db'), clock: { now: Date.now }, log })
const say = (value: unknown) => console.log(JSON.stringify(value))

function batch(note = '') {
  const events = placed(Date.now(), undefined, note)
  return batchOf(events, { orders: [orderOf(events)] })
}

/** Commits until the store refuses, at most `most` times; says the ids of each acknowledged batch. */
async function commitUntilRefused(most: number, note: string) {
  for (let n = 0; n < most; n++) {
    const next = batch(note)
    const result = await store.commit(next)
    if (!result.ok) return say({ refused: 'error' in result ? result.error : result })
    say({ acknowledged: idsOf(next) })
  }
}

/** Takes all the space there is, so that only the last kilobytes are left to find. */
function fill(file: string) {
  const handle = openSync(file, 'w')
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096))
  } catch {
    closeSync(handle)
  }
}

async function untilTold(): Promise<void> {
  const lines = createInterface(process.stdin)
  for await (const _ of lines) break
  lines.close()
}

try {
  if (mode === 'set-aside') {
    say('now')
    say({ aside: await store.setAside() })
  }
  const loaded = await store.open()
  say(loaded.trouble ? { trouble: loaded.trouble } : 'open')
  if (mode === 'stand-in') {
    const events = (await store.eventsAfter(0, 1_000_000)).map(({ event }) => event.id)
    say({ loaded, events, devices: await store.devices(), health: await store.health() })
    for (;;) {
      await untilTold()
      say({ retried: await store.retry(), committed: await store.commit(batch()) })
    }
  }
  if (mode === 'park') {
    await store.commit(batch())
    await store.park(
      [1, 2].map((seq) => ({ seq, lane: 'o', code: 'invalid', says: { code: 'cloud.saidBefore' }, at: seq })),
    )
    say({ parked: await store.parked() })
    await untilTold()
  }
  if (mode === 'hold') await untilTold()
  if (mode === 'commit') await commitUntilRefused(1_000_000, '')
  if (mode === 'full') {
    if (filler) fill(filler)
    await commitUntilRefused(100_000, 'x'.repeat(300))
    say({ health: await store.health() })
    await untilTold()
    if (filler) rmSync(filler)
    await commitUntilRefused(1, '')
    say({ health: await store.health() })
  }
  await store.close()
  say('closed')
} catch (error) {
  const { code, says } = error as StoreError
  say({ error: { code, says } })
}
process.exit(0)
