/** @file The watch on a store that saves nothing: one alarm, tried again until it does; a store that was only read, and one that somebody else wrote. */
import { expect, test } from 'vitest'
import { createAlarms } from '../../../main/core/alarms.ts'
import type { Loaded, Retried, StoreTrouble } from '../../../main/core/ports.ts'
import { createStoreWatch, RETRY_MS } from '../../../main/core/store-watch.ts'
import { quietLog } from '../../support/ports.ts'

const FULL: StoreTrouble = { code: 'storeFull', message: 'Free some space.' }
const READ_ONLY: StoreTrouble = { code: 'storeReadOnly', message: 'May not write.' }
const notice = (message: string): Loaded['notices'][number] => ({ level: 'alarm', message })

/** A watch whose store answers what the test gives, when the test lets time pass. */
function watching(loaded: Partial<Pick<Loaded, 'notices' | 'trouble'>> = {}, restart?: () => void) {
  let shown: string[] = []
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
          shown = list.map(({ message }) => message)
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
  const { watch, waiting, shown } = watching({ notices: [notice('It was rebuilt.')] })
  watch.told(null)
  expect([waiting(), watch.refusing, shown()]).toEqual([false, false, ['It was rebuilt.']])
})

test('a refusal is an alarm, tried again at an interval until there is room', async () => {
  const { watch, pass, did, shown, waiting } = watching({ notices: [notice('It was rebuilt.')] })
  watch.told(FULL)
  watch.told(FULL)
  expect(shown()).toEqual(['It was rebuilt.', FULL.message])
  await pass({ ok: false, error: FULL })
  await pass({ ok: false, error: READ_ONLY })
  expect(shown()).toEqual(['It was rebuilt.', READ_ONLY.message])
  await pass({ ok: true, notices: [] })
  expect([shown(), did, waiting()]).toEqual([
    ['It was rebuilt.'],
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
  const { pass, shown, watch } = watching({ trouble: FULL, notices: [notice('Empty.'), notice('Copied.')] })
  expect([watch.refusing, shown()]).toEqual([true, ['Empty.', 'Copied.', FULL.message]])
  await pass({ ok: true, notices: [notice('Set aside.')] })
  expect([watch.refusing, shown()]).toEqual([false, ['Set aside.']])
  watch.told(FULL)
  await pass({ ok: true, notices: [] })
  expect(shown()).toEqual(['Set aside.'])
})

test('a store that somebody else wrote is begun again', async () => {
  let restarts = 0
  const { pass, shown, waiting } = watching({ trouble: FULL }, () => void restarts++)
  await pass({ ok: false, changed: true })
  expect([restarts, waiting(), shown()]).toEqual([1, false, [expect.stringContaining('Restart Plate')]])
})

test('a store that has died is reported in its own words', async () => {
  const { watch, pass, shown } = watching()
  watch.told(FULL)
  await pass(new Error('It has stopped.'))
  expect(shown()).toEqual(['It has stopped.'])
})

test('nothing is tried once it is closed', async () => {
  const { watch, waiting, did } = watching({ trouble: FULL })
  watch.close()
  expect(waiting()).toBe(false)
  watch.told(FULL)
  expect([waiting(), did.waits]).toEqual([false, [RETRY_MS]])
})
