/** @file Crashes, hangs, ends: boards come back with their tickets, and nothing is lost on the way out. */
import { mkdir, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { eventually, within } from '../../support/progress.ts'
import { expect, type PlateApp, poll, test } from './app.ts'
import { answerDialogs, choose, said } from './menu.ts'
import { openScreen, order } from './screen.ts'

// Each has an app of its own, so two can go on at once.
test.describe.configure({ mode: 'parallel' })

/** What the board shows, asked past Playwright: its own connection to a page does not survive the page's crash. */
const shown = (plate: PlateApp): Promise<string> =>
  plate.app.evaluate(async ({ webContents }) => {
    const board = webContents.getAllWebContents().find((each) => each.getURL().includes('/kitchen/'))
    if (!board || board.isCrashed() || board.isLoading()) return ''
    return await board.executeJavaScript('document.body.innerText')
  })

const crash = (plate: PlateApp): Promise<void> =>
  plate.app.evaluate(({ webContents }) => {
    webContents
      .getAllWebContents()
      .find((each) => each.getURL().includes('/kitchen/'))
      ?.forcefullyCrashRenderer()
  })

test('a board whose page dies is back with its tickets within two seconds', async ({ start, data }) => {
  const plate = await start({ windows: ['kitchen:grill', 'console'] })
  await plate.page('kitchen')
  const screen = openScreen(data)
  const number = await order(screen, 'veggie-burger')
  screen.close()
  await poll(() => shown(plate)).toContain(number)

  const gone = plate.app.evaluate(
    ({ webContents }) =>
      new Promise<void>((resolve) => {
        const board = webContents.getAllWebContents().find((each) => each.getURL().includes('/kitchen/'))
        board?.once('render-process-gone', () => resolve())
      }),
  )
  await crash(plate)
  await gone
  const back = eventually('the tickets', async () => (await shown(plate)).includes(number))
  await within(2_000, 'coming back', back)
})

test('a page that keeps dying ends on a plain page with a way back', async ({ start }) => {
  const plate = await start({ windows: ['kitchen:grill', 'console'] })
  await plate.page('kitchen')
  for (let count = 1; count <= 5; count++) {
    await poll(() => shown(plate)).not.toBe('')
    await crash(plate)
    await poll(async () => (await plate.log()).split('page.crashed').length - 1).toBe(count)
  }
  const trouble = () =>
    plate.app.evaluate(async ({ webContents }, action) => {
      const page = webContents.getAllWebContents().find((each) => each.getURL().includes('/trouble/'))
      return page ? ((await page.executeJavaScript(action)) as string) : ''
    }, 'document.body.innerText')
  await poll(trouble).toContain('stopped working')
  await plate.app.evaluate(({ webContents }) => {
    const page = webContents.getAllWebContents().find((each) => each.getURL().includes('/trouble/'))
    void page?.executeJavaScript("document.querySelector('a').click()")
  })
  await poll(() => shown(plate)).not.toBe('')
})

test('what was acknowledged is there after quitting and starting again', async ({ start, data }) => {
  const first = await start({ windows: ['console'] })
  await first.page('console')
  const screen = openScreen(data)
  const number = await order(screen, 'veggie-burger')
  screen.close()
  await first.close()
  expect(await first.log()).toMatch(/CORE_STOPPED.*app\.stopped/s)

  const again = await start({ windows: ['kitchen:grill'] })
  await again.page('kitchen')
  await poll(() => shown(again)).toContain(number)
})

test('quitting asks while tickets are open, and closing the last window does too', async ({
  start,
  data,
}) => {
  const plate = await start({ windows: ['console'] })
  await plate.page('console')
  const screen = openScreen(data)
  await order(screen, 'veggie-burger')
  screen.close()
  await answerDialogs(plate, [0, 0, 1])
  await choose(plate, 'quit')
  await poll(() => said(plate)).toEqual(['One ticket is still open.'])
  await plate.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await poll(() => said(plate)).toHaveLength(2)
  expect(plate.app.windows()).toHaveLength(1)
  const ended = plate.app.waitForEvent('close')
  await choose(plate, 'quit')
  await ended
  await plate.logged(/app\.stopped/)
})

test('quitting does not ask when there is nothing to lose', async ({ start }) => {
  const plate = await start({ windows: ['console'] })
  await plate.page('console')
  const ended = plate.app.waitForEvent('close')
  await choose(plate, 'quit')
  await ended
})

test('training says so on every screen', async ({ start, data }) => {
  const plate = await start({ windows: ['console'], args: ['--demo=100'] })
  await plate.page('console')
  const screen = openScreen(data)
  const status = screen.subscribe('status', {})
  await poll(() => status.entries.get('core')?.value).toMatchObject({ training: true })
  screen.close()
})

test('on a disk that takes no writes boards open with an alarm, which ends by itself', async ({
  start,
  data,
}) => {
  const first = await start({ windows: ['console'] })
  await first.page('console')
  const screen = openScreen(data)
  const number = await order(screen, 'veggie-burger')
  screen.close()
  await first.close()

  // What Plate tries to write first.
  const trial = path.join(data, 'plate.db.room')
  await mkdir(trial)
  const plate = await start({ windows: ['kitchen:grill'] })
  await plate.page('kitchen')
  await poll(() => shown(plate)).toContain(number)
  await poll(() => shown(plate)).toContain('may not write to')
  await rmdir(trial)
  await poll(() => shown(plate)).not.toContain('may not write to')
  expect(await shown(plate)).toContain(number)
})

test('a store that cannot be opened says so, and what to do', async ({ start, data }) => {
  await mkdir(path.join(data, 'plate.db'))
  const plate = await start()
  const page = await plate.app.firstWindow()
  await expect(page.getByRole('heading')).toHaveText('Plate cannot start')
  await expect(page.getByRole('alert')).toContainText(data)
  await expect(page.getByRole('link', { name: 'Try again' })).toBeVisible()
})
