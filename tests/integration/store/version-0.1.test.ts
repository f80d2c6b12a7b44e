/** @file A data folder that version 0.1 wrote, in sentences: it is taken over, and everything in it still says what it said. Works in temporary folders. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { SCHEMA } from '../../../main/adapters/sqlite/schema/index.ts'
import type { Actor } from '../../../main/core/actor.ts'
import type { AuditEntry, ParkedEvent, Receipt, Store } from '../../../main/core/ports.ts'
import type { CommandName } from '../../../shared/domain/commands.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { createWords } from '../../../shared/words/index.ts'
import { type MemoryStore, testEngine } from '../../unit/core/kit.ts'
import { batchOf } from './orders.ts'
import { folderOf01, openStore, storeIn } from './support.ts'

const written = path.join(import.meta.dirname, 'version-0.1')
const words = createWords()

/** What version 0.1 itself read from the folder, and two commands with the answers it gave. */
const then = JSON.parse(readFileSync(path.join(written, 'as-read.json'), 'utf8')) as {
  audit: (Omit<AuditEntry, 'says'> & { row: number; message: string })[]
  parked: (Omit<ParkedEvent, 'says'> & { message: string })[]
  retries: {
    command: { id: string; name: CommandName; args: unknown; actor: Actor }
    outcome: Receipt['outcome']
  }[]
}

/** Everything in the folder that was a sentence. */
async function expectAsBefore(store: Store) {
  expect(await store.audit({ limit: 100 })).toEqual(then.audit.map((row) => ({ ...row, says: null })))
  expect(await store.parked()).toEqual(
    then.parked.map(({ message, ...row }) => ({ ...row, says: say('cloud.saidBefore', { text: message }) })),
  )
  expect((await store.parked()).map(({ says }) => words.say(says))).toEqual(
    then.parked.map(({ message }) => message),
  )
}

const receiptOf = ({ command, outcome }: (typeof then.retries)[number]) => ({ command: command.id, outcome })

test('it is backed up, brought to this schema, and reads as before', async () => {
  expect(then.audit.filter(({ message }) => message !== '')).toHaveLength(4)
  expect(then.parked).toHaveLength(2)
  const dir = folderOf01()
  const { store, loaded } = await openStore(dir)
  expect(loaded).toMatchObject({ head: 9, notices: [] })
  expect(loaded.orders.map(({ state }) => state.opened?.number)).toContain('1')
  await expectAsBefore(store)
  await store.close()
  const file = new Database(path.join(dir, 'plate.db'), { readonly: true })
  expect(file.pragma('user_version', { simple: true })).toBe(SCHEMA)
  file.close()
  expect(readdirSync(path.join(dir, 'backups'))[0]).toMatch(/-schema-5\.db$/)
  await expectAsBefore((await openStore(dir)).store)
})

test('what is written from now on stands beside it, in codes', async () => {
  const { store } = await openStore(folderOf01())
  const [refused] = then.audit.filter(({ outcome }) => outcome === 'soldOut')
  const { row: _, message: __, ...entry } = refused as (typeof then.audit)[number]
  const says = say('cloud.saidBefore', { text: 'x' })
  await store.commit(batchOf([], { audit: [{ ...entry, says }] }))
  expect((await store.audit({ limit: 2 })).map(({ says, message }) => ({ says, message }))).toEqual([
    { says, message: undefined },
    { says: null, message: then.audit[0]?.message },
  ])
})

test('lost, it comes back from the journal of version 0.1, saying the same', async () => {
  const dir = folderOf01()
  rmSync(path.join(dir, 'plate.db'))
  const { store, loaded } = await openStore(dir)
  expect(loaded.head).toBe(9)
  await expectAsBefore(store)
  expect(
    await store.commit(batchOf([], { receipts: then.retries.map((one) => ({ ...receiptOf(one), at: 0 })) })),
  ).toMatchObject({ ok: false, known: then.retries.map(receiptOf) })
})

test('a command that is sent again gets its first answer again, in the words of then', async () => {
  // Of a store in memory the kit only offers more to look at.
  const { engine } = await testEngine(storeIn(folderOf01()) as MemoryStore)
  for (const { command, outcome } of then.retries) expect(await engine.submit(command)).toEqual(outcome)
  const refused = then.retries.flatMap(({ outcome }) => (outcome.ok ? [] : [outcome.error]))
  expect(refused.map((failure) => words.failure(failure))).toEqual([
    'Bass is 86: it has run out. Choose another dish.',
  ])
})
