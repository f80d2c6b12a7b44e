/** @file Crashes, hangs, ends: boards come back with their tickets, and nothing is lost on the way out. */
import { mkdir, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { eventually, within } from '../../support/progress.ts'
import { expect, type PlateApp, test } from './app.ts'
import { openScreen, order } from './screen.ts'

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
  await expect.poll(() => shown(plate)).toContain(number)

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
    await expect.poll(() => shown(plate)).not.toBe('')
    await crash(plate)
    await expect.poll(async () => (await plate.log()).split('page.crashed').length - 1).toBe(count)
  }
  const trouble = () =>
    plate.app.evaluate(async ({ webContents }, action) => {
      const page = webContents.getAllWebContents().find((each) => each.getURL().includes('/trouble/'))
      return page ? ((await page.executeJavaScript(action)) as string) : ''
    }, 'document.body.innerText')
  await expect.poll(trouble).toContain('stopped working')
  await plate.app.evaluate(({ webContents }) => {
    const page = webContents.getAllWebContents().find((each) => each.getURL().includes('/trouble/'))
    void page?.executeJavaScript("document.querySelector('a').click()")
  })
  await expect.poll(() => shown(plate)).not.toBe('')
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
  await expect.poll(() => shown(again)).toContain(number)
})

/** Answers dialogs with the next of `responses` and remembers what they said. */
const answerDialogs = (plate: PlateApp, responses: number[]): Promise<void> =>
  plate.app.evaluate(({ dialog }, answers) => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    dialog.showMessageBox = async (...args: unknown[]) => {
      said.push((args.at(-1) as { message: string }).message)
      return { response: answers.shift() ?? 0, checkboxChecked: false }
    }
  }, responses)

const said = (plate: PlateApp): Promise<string[]> =>
  plate.app.evaluate(() => (globalThis as unknown as { said: string[] }).said)

const choose = (plate: PlateApp, item: string): Promise<void> =>
  plate.app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), item)

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
  await expect.poll(() => said(plate)).toEqual(['One ticket is still open.'])
  await plate.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(() => said(plate)).toHaveLength(2)
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

test('the menu makes a backup and says where it is', async ({ start }) => {
  const plate = await start({ windows: ['console'] })
  await plate.page('console')
  await answerDialogs(plate, [])
  await choose(plate, 'backup')
  await expect.poll(() => said(plate)).toEqual([expect.stringMatching(/^Saved \d+ kB to .*\.db\.$/)])
})

test('the menu opens this Plate to the network and closes it again', async ({ start }) => {
  const plate = await start({ windows: ['console'], args: ['--tls-port=0'] })
  await plate.page('console')
  await answerDialogs(plate, [])
  await choose(plate, 'lan')
  await expect
    .poll(() => said(plate))
    .toEqual([expect.stringMatching(/^Other devices can connect at https:/)])
  const checked = () =>
    plate.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('lan')?.checked)
  await expect.poll(checked).toBe(true)
  await choose(plate, 'lan')
  await plate.logged(/lan\.closed/)
  await expect.poll(checked).toBe(false)
})

test('training says so on every screen', async ({ start, data }) => {
  const plate = await start({ windows: ['console'], args: ['--demo=100'] })
  await plate.page('console')
  const screen = openScreen(data)
  const status = screen.subscribe('status', {})
  await expect.poll(() => status.entries.get('core')?.value).toMatchObject({ training: true })
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
  await expect.poll(() => shown(plate)).toContain(number)
  await expect.poll(() => shown(plate)).toContain('may not write to')
  await rmdir(trial)
  await expect.poll(() => shown(plate)).not.toContain('may not write to')
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
