/** @file The watch on a store that saves nothing: one alarm, tried again until it does; a store that was only read, and one that somebody else wrote. */
import { expect, test } from 'vitest'
import { createAlarms } from '../../../main/core/alarms.ts'
import type { Loaded, Retried, StoreTrouble } from '../../../main/core/ports.ts'
import { createStoreWatch, RETRY_MS } from '../../../main/core/store-watch.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { quietLog } from '../../support/ports.ts'

const folder = '/data'
const FULL: StoreTrouble = { code: 'storeFull', says: say('store.full', { folder }) }
const READ_ONLY: StoreTrouble = { code: 'storeReadOnly', says: say('store.readOnly', { folder }) }
const EMPTY = say('store.nothingYet', { folder })
const ASIDE = say('store.setAside', { file: 'plate.db.old' })
const CAUGHT_UP = say('store.caughtUp', { count: 2 })
const notice = (says: Message): Loaded['notices'][number] => ({ level: 'alarm', says })

/** A watch whose store answers what the test gives, when the test lets time pass. */
function watching(loaded: Partial<Pick<Loaded, 'notices' | 'trouble'>> = {}, restart?: () => void) {
  let shown: Message[] = []
  let task: (() => void) | null = null
  const answers: (Retried | Error)[] = []
  const did = { waits: [] as number[], recovered: 0 }
  const watch = createStoreWatch(
    {
      store: {
        async retry() {
          const answer = answers.shift()
          if (!answer || answer instanceof Error) throw answer
          return answer
        },
      },
      alarms: createAlarms(
        () => 0,
        quietLog,
        (list) => {
          shown = list.map(({ says }) => says)
        },
      ),
      log: quietLog,
      after(ms, next) {
        expect(task).toBeNull()
        did.waits.push(ms)
        task = next
        return () => {
          task = null
        }
      },
      recovered: () => void did.recovered++,
      restart,
    },
    { notices: [], trouble: null, ...loaded },
  )
  return {
    watch,
    did,
    shown: () => shown,
    waiting: () => task !== null,
    async pass(answer: Retried | Error) {
      answers.push(answer)
      const due = task
      task = null
      due?.()
      await new Promise((resolve) => setImmediate(resolve))
      expect(answers).toEqual([])
    },
  }
}

test('all is well: nothing is tried', () => {
  const { watch, waiting, shown } = watching({ notices: [notice(CAUGHT_UP)] })
  watch.told(null)
  expect([waiting(), watch.refusing, shown()]).toEqual([false, false, [CAUGHT_UP]])
})

test('a refusal is an alarm, tried again at an interval until there is room', async () => {
  const { watch, pass, did, shown, waiting } = watching({ notices: [notice(CAUGHT_UP)] })
  watch.told(FULL)
  watch.told(FULL)
  expect(shown()).toEqual([CAUGHT_UP, FULL.says])
  await pass({ ok: false, error: FULL })
  await pass({ ok: false, error: READ_ONLY })
  expect(shown()).toEqual([CAUGHT_UP, READ_ONLY.says])
  await pass({ ok: true, notices: [] })
  expect([shown(), did, waiting()]).toEqual([
    [CAUGHT_UP],
    { waits: [RETRY_MS, RETRY_MS, RETRY_MS], recovered: 1 },
    false,
  ])
})

test('an order that is saved ends it before it is tried again', async () => {
  const { watch, pass, did, shown } = watching()
  watch.told(FULL)
  watch.told(null)
  expect([shown(), did.recovered]).toEqual([[], 1])
  await pass({ ok: true, notices: [] })
  expect(did.recovered).toBe(1)
})

test('a store that was only read tells what opening it came to once it is open', async () => {
  const { pass, shown, watch } = watching({ trouble: FULL, notices: [notice(EMPTY), notice(CAUGHT_UP)] })
  expect([watch.refusing, shown()]).toEqual([true, [EMPTY, CAUGHT_UP, FULL.says]])
  await pass({ ok: true, notices: [notice(ASIDE)] })
  expect([watch.refusing, shown()]).toEqual([false, [ASIDE]])
  watch.told(FULL)
  await pass({ ok: true, notices: [] })
  expect(shown()).toEqual([ASIDE])
})

test('a store that somebody else wrote is begun again', async () => {
  let restarts = 0
  const { pass, shown, waiting } = watching({ trouble: FULL }, () => void restarts++)
  await pass({ ok: false, changed: true })
  expect([restarts, waiting(), shown()]).toEqual([1, false, [say('store.changed')]])
})

test('a store that has died is reported in its own words; one without any does not answer', async () => {
  const { watch, pass, shown } = watching()
  watch.told(FULL)
  const says = say('store.threadEnded', { exit: 1 })
  await pass(Object.assign(new Error('dead'), { code: 'storeBroken', says }))
  expect(shown()).toEqual([says])
  await pass(new Error('dead'))
  expect(shown()).toEqual([say('alarms.storeSilent')])
})

test('nothing is tried once it is closed', async () => {
  const { watch, waiting, did } = watching({ trouble: FULL })
  watch.close()
  expect(waiting()).toBe(false)
  watch.told(FULL)
  expect([waiting(), did.waits]).toEqual([false, [RETRY_MS]])
})
