/** @file A Plate that runs: its menu, a second start, the machine's sleep. One app for all: each test leaves it as it was. */
import { test } from '@playwright/test'
import { expect, poll, startAgain } from './app.ts'
import { answerDialogs, choose, said } from './menu.ts'
import { sharedApp } from './shared-app.ts'

const shared = sharedApp({ windows: ['console'], args: ['--tls-port=0'] })

test('the display stays awake while a board is open', async () => {
  const plate = shared()
  await plate.page('console')
  await plate.app.evaluate(({ powerSaveBlocker }) => {
    const running = new Map<number, string>()
    Object.assign(globalThis, { running })
    powerSaveBlocker.start = (type) => {
      running.set(running.size + 1, type)
      return running.size
    }
    powerSaveBlocker.stop = (id) => running.delete(id)
  })
  const running = () =>
    plate.app.evaluate(() => [
      ...(globalThis as unknown as { running: Map<number, string> }).running.values(),
    ])
  expect(await running()).toEqual([])
  await plate.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('open:expo')?.click())
  await plate.page('expo')
  await poll(running).toEqual(['prevent-display-sleep'])
  await (await plate.page('expo')).close()
  await poll(running).toEqual([])
})

test('after a sleep every page connects again', async () => {
  const plate = shared()
  await plate.page('console')
  const connected = async () =>
    (await plate.log()).match(/"device":"console-.*SCREEN_CONNECTED/g)?.length ?? 0
  await poll(connected).toBe(1)
  await plate.app.evaluate(({ powerMonitor }) => {
    const { emit } = powerMonitor as unknown as { emit(name: string): boolean }
    emit.call(powerMonitor, 'resume')
  })
  await poll(connected).toBe(2)
})

test('the menu makes a backup and says where it is', async () => {
  const plate = shared()
  await plate.page('console')
  await answerDialogs(plate, [])
  await choose(plate, 'backup')
  await poll(() => said(plate)).toEqual([expect.stringMatching(/^Saved \d+ kB to .*\.db\.$/)])
})

test('the menu opens this Plate to the network and closes it again', async () => {
  const plate = shared()
  await plate.page('console')
  await answerDialogs(plate, [])
  await choose(plate, 'lan')
  await poll(() => said(plate)).toEqual([expect.stringMatching(/^Other devices can connect at https:/)])
  const checked = () =>
    plate.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('lan')?.checked)
  await poll(checked).toBe(true)
  await choose(plate, 'lan')
  await plate.logged(/lan\.closed/)
  await poll(checked).toBe(false)
})

test('a second start hands over to the first one and ends', async () => {
  const plate = shared()
  await plate.page('console')
  expect(await startAgain(plate.data, '--window=expo')).toBe(0)
  await plate.page('expo')
  expect(await startAgain(plate.data)).toBe(0)
  await plate.logged(/app\.second-instance.*app\.second-instance/s)
  expect(plate.app.windows()).toHaveLength(2)
  await (await plate.page('expo')).close()
})
