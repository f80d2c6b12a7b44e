/** @file Windows: what opens, where, and what a kiosk keeps open. */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Rectangle } from 'electron'
import { expect, type PlateApp, poll, startAgain, test } from './app.ts'

// Each has an app of its own, so two can go on at once.
test.describe.configure({ mode: 'parallel' })

const places = async (data: string): Promise<{ role: string; open: boolean; bounds: Rectangle | null }[]> =>
  JSON.parse(await readFile(path.join(data, 'windows.json'), 'utf8')).windows

/** Bounds of the window with this page. */
const boundsOf = (plate: PlateApp, role: string): Promise<Rectangle | undefined> =>
  plate.app.evaluate(
    ({ BrowserWindow }, name) =>
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL().startsWith(`plate://app/${name}/`))
        ?.getNormalBounds(),
    role,
  )

const setBounds = (plate: PlateApp, bounds: Rectangle): Promise<void> =>
  plate.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds)

test('the first start opens a console and one kitchen display', async ({ start }) => {
  const plate = await start()
  await plate.page('console')
  const kitchen = await plate.page('kitchen')
  expect(new URL(kitchen.url()).searchParams.get('station')).toBeTruthy()
  expect(plate.app.windows()).toHaveLength(2)
})

test('the command line chooses the windows', async ({ start }) => {
  const plate = await start({ windows: ['kitchen:grill', 'kitchen:bar', 'expo'] })
  await plate.page('kitchen:grill')
  await plate.page('kitchen:bar')
  await plate.page('expo')
  expect(plate.app.windows()).toHaveLength(3)
})

test('another data folder is another Plate', async ({ start, data }) => {
  const first = await start({ windows: ['console'] })
  await first.page('console')
  const second = await start({ windows: ['console'], data: path.join(data, 'other') })
  await second.page('console')
  expect(first.app.windows()).toHaveLength(1)
})

test('--quit ends the running Plate', async ({ start, data }) => {
  const plate = await start({ windows: ['console'] })
  await plate.page('console')
  const ended = plate.app.waitForEvent('close')
  expect(await startAgain(data, '--quit')).toBe(0)
  await ended
  await plate.logged(/app\.stopped/)
})

test('windows come back where they were, closed ones stay closed', async ({ start, data }) => {
  const bounds = { x: 120, y: 90, width: 900, height: 640 }
  const first = await start({ windows: ['console', 'expo'] })
  await first.page('console')
  await setBounds(first, bounds)
  await (await first.page('expo')).close()
  await poll(async () => (await places(data))[1]?.open).toBe(false)
  await poll(async () => (await places(data))[0]?.bounds).toEqual(bounds)
  await first.close()

  const again = await start()
  await again.page('console')
  expect(await boundsOf(again, 'console')).toEqual(bounds)
  expect(again.app.windows()).toHaveLength(1)
})

test('a window that would be out of sight is brought back', async ({ start, data }) => {
  const lost = { role: 'console', station: null, display: null, fullscreen: false, open: true }
  const bounds = { x: -9000, y: 5000, width: 800, height: 600 }
  const windows = [{ ...lost, id: 'console-1', bounds }]
  await writeFile(path.join(data, 'windows.json'), JSON.stringify({ windows }))
  const plate = await start()
  await plate.page('console')
  const { x = -1, y = -1 } = (await boundsOf(plate, 'console')) ?? {}
  expect(x).toBeGreaterThanOrEqual(0)
  expect(y).toBeGreaterThanOrEqual(0)
})

/** Pretends that a second display to the right is plugged in or not. */
const plug = (plate: PlateApp, plugged: boolean): Promise<void> =>
  plate.app.evaluate(({ screen }, on) => {
    const primary = screen.getPrimaryDisplay()
    const { width } = primary.bounds
    const right = { ...primary.bounds, x: width }
    const second = { ...primary, id: 77, label: 'Second', bounds: right, workArea: right }
    screen.getAllDisplays = () => (on ? [primary, second] : [primary])
    // Electron's types know each event's own arguments only.
    const { emit } = screen as unknown as { emit(name: string, ...args: unknown[]): boolean }
    emit.call(screen, on ? 'display-added' : 'display-removed', {}, second)
  }, plugged)

test('a window whose display is unplugged goes to another one, and back when it returns', async ({
  start,
  data,
}) => {
  const plate = await start({ windows: ['expo'] })
  await plate.page('expo')
  await plug(plate, true)
  const width = await plate.app.evaluate(({ screen }) => screen.getPrimaryDisplay().bounds.width)
  const home = { x: width + 100, y: 100, width: 800, height: 600 }
  await setBounds(plate, home)
  await poll(async () => (await places(data))[0]?.bounds).toEqual(home)

  await plug(plate, false)
  await poll(async () => (await boundsOf(plate, 'expo'))?.x).toBeLessThan(width)
  await plug(plate, true)
  await poll(() => boundsOf(plate, 'expo')).toEqual(home)
  expect((await places(data))[0]?.bounds).toEqual(home)
})

test('a window that is a guest when Plate ends still knows its home', async ({ start, data }) => {
  const plate = await start({ windows: ['expo'] })
  await plate.page('expo')
  await plug(plate, true)
  const width = await plate.app.evaluate(({ screen }) => screen.getPrimaryDisplay().bounds.width)
  const home = { x: width + 100, y: 100, width: 800, height: 600 }
  await setBounds(plate, home)
  await poll(async () => (await places(data))[0]?.bounds).toEqual(home)
  await plug(plate, false)
  await poll(async () => (await boundsOf(plate, 'expo'))?.x).toBeLessThan(width)
  await plate.close()
  expect((await places(data))[0]?.bounds).toEqual(home)
})

test('kiosk boards cannot be closed, other windows can', async ({ start }) => {
  const plate = await start({ windows: ['kitchen:grill', 'console'], args: ['--kiosk'] })
  await plate.page('kitchen')
  await plate.page('console')
  const outcome = await plate.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      let kept = false
      // Asked after the app's own listeners, so this sees what they decided.
      window.once('close', (event) => {
        kept = event.defaultPrevented
      })
      window.close()
      return { kiosk: window.isKiosk(), kept }
    }),
  )
  expect(outcome).toEqual([
    { kiosk: true, kept: true },
    { kiosk: false, kept: false },
  ])
})
