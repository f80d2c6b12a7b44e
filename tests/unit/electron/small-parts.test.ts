/** @file Permissions, crash history, trouble pages, menu, windows.json and the log file. Makes a folder of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isAlone } from '../../../main/electron/alone.ts'
import { CrashHistory } from '../../../main/electron/crashes.ts'
import { logFile } from '../../../main/electron/log-file.ts'
import { portPair } from '../../../main/electron/loopback.ts'
import { type MenuActions, type MenuState, menuTemplate } from '../../../main/electron/menu.ts'
import { mayUse } from '../../../main/electron/permissions.ts'
import { troublePage } from '../../../main/electron/trouble.ts'
import { type WindowRecord, windowFile } from '../../../main/electron/window-file.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plate-small-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const record = (role: WindowRecord['role'], station: string | null = null): WindowRecord => ({
  id: `${role}-1`,
  role,
  station,
  display: 1,
  bounds: { x: 0, y: 0, width: 10, height: 10 },
  fullscreen: false,
  open: true,
})
const quiet = { debug() {}, info() {}, warn: vi.fn(), error() {} }

test('only the console hears, only our own pages get anything', () => {
  const microphone = { permission: 'media', url: 'plate://app/console/', mainFrame: true, media: ['audio'] }
  expect(mayUse(microphone, record('console'))).toBe(true)
  expect(mayUse(microphone, record('kitchen'))).toBe(false)
  expect(mayUse(microphone, undefined)).toBe(false)
  expect(mayUse({ ...microphone, media: ['audio', 'video'] }, record('console'))).toBe(false)
  expect(mayUse({ ...microphone, media: [] }, record('console'))).toBe(false)
  expect(mayUse({ ...microphone, mainFrame: false }, record('console'))).toBe(false)
  expect(mayUse({ ...microphone, url: 'https://evil.example/' }, record('console'))).toBe(false)
  expect(mayUse({ ...microphone, permission: 'fullscreen', media: [] }, record('kitchen'))).toBe(true)
  for (const permission of ['geolocation', 'notifications', 'clipboard-read', 'usb', 'openExternal'])
    expect(mayUse({ ...microphone, permission }, record('console'))).toBe(false)
})

test('the first crash costs no time, the fifth within a minute is the last', () => {
  const history = new CrashHistory()
  expect(history.crashed(0)).toEqual({ reload: true, afterMs: 0 })
  expect([1, 2, 3].map((second) => history.crashed(second * 1000).reload)).toEqual([true, true, true])
  expect(history.crashed(4000)).toEqual({ reload: false })
  expect(history.crashed(200_000)).toEqual({ reload: true, afterMs: 0 })
})

test('a trouble page shows text as text', () => {
  const page = troublePage({
    title: '<b>',
    message: 'a & b',
    steps: ['"x"'],
    button: { label: 'Go', href: 'plate://app/x"y' },
  })
  expect(page).toContain('<h1>&#60;b&#62;</h1>')
  expect(page).toContain('a &#38; b')
  expect(page).toContain('href="plate://app/x&#34;y"')
  expect(page).not.toContain('<script')
})

test('windows.json comes back as it was written; one that is broken is set aside', () => {
  const file = path.join(folder, 'windows.json')
  const windows = windowFile(file, quiet)
  expect(windows.load()).toEqual([])
  windows.save([record('kitchen', 'grill'), record('expo')])
  expect(windows.load()).toEqual([record('kitchen', 'grill'), record('expo')])
  writeFileSync(file, '{"windows":[{"role":"root"}]}')
  expect(windows.load()).toEqual([])
  expect(readdirSync(folder)).toContain('windows.json.unreadable')
  expect(windows.load()).toEqual([])
})

test('windows.json that cannot be written costs nothing but the memory', () => {
  windowFile(path.join(folder, 'missing', 'windows.json'), quiet).save([record('expo')])
  expect(quiet.warn).toHaveBeenCalledWith('windows.not-saved', expect.anything())
})

test('the log has one file a day and keeps two weeks', async () => {
  const logs = path.join(folder, 'logs')
  let day = Date.UTC(2026, 0, 1)
  const file = logFile(logs, () => day)
  for (let count = 0; count < 20; count++, day += 86_400_000) {
    file.write(`day ${count}\n`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await vi.waitFor(() =>
    expect(readFileSync(path.join(logs, 'plate-2026-01-20.log'), 'utf8')).toBe('day 19\n'),
  )
  expect(readdirSync(logs).length).toBeLessThanOrEqual(15)
})

test('the log goes on when the disk takes lines again', async () => {
  const logs = path.join(folder, 'logs-again')
  let now = Date.UTC(2026, 0, 1)
  writeFileSync(logs, '')
  const file = logFile(logs, () => now)
  file.write('lost\n')
  rmSync(logs)
  file.write('lost too\n')
  now += 60_000
  file.write('kept\n')
  const today = path.join(logs, 'plate-2026-01-01.log')
  await vi.waitFor(() => expect(readFileSync(today, 'utf8')).toBe('kept\n'))
})

test('Plate is alone with Electron’s lock, or where the disk lets nobody take it', () => {
  const plate = (locked: boolean, data: string) =>
    isAlone({ requestSingleInstanceLock: () => locked, getPath: () => data }, {})
  expect([plate(true, folder), plate(false, folder)]).toEqual([true, false])
  expect(plate(false, path.join(folder, 'not-there'))).toBe(true)
  expect(readdirSync(folder).filter((name) => name.startsWith('trial'))).toEqual([])
})

test('the two ends of a port pair hear each other in order, and of the end', async () => {
  const [a, b] = portPair()
  const heard: string[] = []
  a.send('early')
  await Promise.resolve()
  b.onMessage((frame) => heard.push(frame))
  a.send('later')
  const closed = vi.fn()
  b.onClose(closed)
  a.close()
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual(['early', 'later'])
  expect(closed).toHaveBeenCalledOnce()
})

const actions = Object.fromEntries(
  ['open', 'setDisplay', 'setFullscreen', 'setLan', 'backup', 'showData', 'showLogs', 'quit'].map((name) => [
    name,
    vi.fn(),
  ]),
) as unknown as MenuActions

const state: MenuState = {
  stations: [{ id: 'grill', name: 'Grill', warnAfter: 60, lateAfter: 90 }],
  windows: [
    { record: record('kitchen', 'grill'), fullscreen: true },
    { record: record('console'), fullscreen: false },
  ],
  displays: [
    { id: 1, label: 'Display 1' },
    { id: 2, label: 'Display 2' },
  ],
  lan: false,
}

test('the menu opens a board for each station and places open boards', () => {
  const menu = JSON.stringify(menuTemplate(state, actions))
  expect(menu).toContain('"id":"open:kitchen:grill"')
  expect(menu).toContain('"label":"Kitchen – grill"')
  expect(menu).toContain('{"label":"Display 1","type":"radio","checked":true}')
  expect(menu).toContain('"id":"lan"')
  expect(menu).not.toMatch(/reload|toggledevtools|"role":"close"/i)
})

test('the menu says so where there is nothing to open or share', () => {
  const menu = JSON.stringify(menuTemplate({ ...state, stations: [], windows: [], lan: undefined }, actions))
  expect(menu).toContain('no stations yet')
  expect(menu).toContain('No kitchen or expo display is open')
  expect(menu).not.toContain('"id":"lan"')
})
