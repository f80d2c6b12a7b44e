/** @file The store on a thread of its own: it answers, and its death never leaves anybody waiting. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { idsOf, placing } from './orders.ts'
import { eventIds, folder, keptLog, mustCommit, openStore, storeIn } from './support.ts'

test('works off the main thread', async () => {
  const dir = folder()
  const log = keptLog()
  const { store } = await openStore(dir, { sameThread: false, log })
  const batches = [placing(), placing(3)]
  await Promise.all(batches.map((batch) => mustCommit(store, batch)))
  expect(await eventIds(store)).toEqual(batches.flatMap(idsOf))
  expect((await store.backup()).bytes).toBeGreaterThan(0)
  await store.close()
  // A busy machine may be slow now and then, and says so.
  const said = log.lines.map(({ event }) => event).filter((event) => event !== 'store.slow')
  expect(said).toEqual(['store.opened', 'store.backup'])
  const again = await openStore(dir, { sameThread: false })
  expect(again.loaded.head).toBe(8)
})

test('what the thread refuses arrives as a StoreError', async () => {
  const dir = folder()
  await openStore(dir)
  const refused = storeIn(dir, { sameThread: false }).open()
  await expect(refused).rejects.toMatchObject({
    name: 'StoreError',
    code: 'storeInUse',
    says: { code: 'store.inUse', params: { file: path.join(dir, 'plate.db') } },
  })
})

test.each([
  ['ends', 'process.exit(7)', { code: 'store.threadEnded', params: { exit: 7 } }],
  [
    'throws',
    "throw new Error('out of memory')",
    { code: 'store.threadFailed', params: { error: 'out of memory' } },
  ],
])('a thread that %s rejects all that waits and all that comes', async (_, death, says) => {
  const file = path.join(folder(), 'worker.mjs')
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads'
     parentPort.on('message', ({ id, method }) => {
       if (method === 'open') parentPort.postMessage({ id, ok: true, value: {} })
       if (method === 'close') { ${death} }
     })`,
  )
  const log = keptLog()
  const store = storeIn(folder(), { sameThread: false, worker: pathToFileURL(file), log })
  await store.open()
  const waiting = [store.commit(placing()), store.orders([]), store.close()]
  for (const result of await Promise.allSettled(waiting)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'storeBroken', says },
    })
  }
  await expect(store.devices()).rejects.toMatchObject({ code: 'storeBroken' })
  expect(log.lines.map(({ event }) => event)).toContain('store.worker.died')
})
