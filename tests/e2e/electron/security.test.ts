/** @file What pages and keys cannot do, each rule by trying. One app for all: nothing tried here may change it. */
import { expect, test } from '@playwright/test'
import { poll } from './app.ts'
import { sharedApp } from './shared-app.ts'

const plate = sharedApp({
  windows: ['console', 'kitchen:grill'],
  args: ['--use-fake-device-for-media-stream'],
})

test('pages have no Node and see exactly one function of ours', async () => {
  const page = await plate().page('console')
  const seen = await page.evaluate(() => {
    const world = globalThis as unknown as Record<string, unknown>
    const bridge = world.plate as Record<string, () => Record<string, unknown>>
    const port = bridge.connect?.() ?? {}
    return {
      node: ['require', 'module', 'process', 'Buffer', 'global', 'electron'].filter((name) => name in world),
      bridge: Object.keys(bridge),
      port: Object.keys(port).map((name) => `${name}: ${typeof port[name]}`),
      frozen: Object.isFrozen(bridge),
    }
  })
  expect(seen).toEqual({
    node: [],
    bridge: ['connect'],
    port: ['send: function', 'onMessage: function', 'onClose: function', 'close: function'],
    frozen: true,
  })
})

for (const target of ['https://plate.example/', '/manager/', '/console/../kitchen/', '/trouble/again'])
  test(`a page cannot go to ${target}`, async () => {
    const page = await plate().page('console')
    const before = page.url()
    const lines = (await plate().log()).split('navigation.blocked').length
    await page.evaluate((to) => {
      location.href = to
    }, target)
    await poll(async () => (await plate().log()).split('navigation.blocked').length).toBeGreaterThan(lines)
    expect(page.url()).toBe(before)
  })

test('a page may load itself again', async () => {
  const page = await plate().page('console')
  await page.evaluate(() => Object.assign(globalThis, { mark: 1 }))
  await page.reload()
  expect(await page.evaluate(() => 'mark' in globalThis)).toBe(false)
})

test('a page opens no windows; help goes to the browser', async () => {
  const page = await plate().page('console')
  await plate().app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = async (url) => void opened.push(url)
  })
  const answers = await page.evaluate(() =>
    ['https://evil.example/', '/manager/', 'https://help.plate.example/', 'http://help.plate.example/'].map(
      (url) => window.open(url) === null,
    ),
  )
  expect(answers).toEqual([true, true, true, true])
  await plate().logged(/evil\.example.*window-open\.blocked/)
  const opened = () => plate().app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
  await poll(opened).toEqual(['https://help.plate.example/'])
  expect(plate().app.windows()).toHaveLength(2)
})

/** Asks for a device and answers what came of it. */
const media = (constraints: { audio?: boolean; video?: boolean }) =>
  navigator.mediaDevices.getUserMedia(constraints).then(
    (stream) => {
      for (const track of stream.getTracks()) track.stop()
      return 'granted'
    },
    (error: Error) => error.name,
  )

test('the console may hear, and nothing else', async () => {
  const page = await plate().page('console')
  expect(await page.evaluate(media, { audio: true })).toBe('granted')
  expect(await page.evaluate(media, { video: true })).toBe('NotAllowedError')
  expect(await page.evaluate(media, { audio: true, video: true })).toBe('NotAllowedError')
})

test('a kitchen display may use nothing', async () => {
  const page = await plate().page('kitchen')
  expect(await page.evaluate(media, { audio: true })).toBe('NotAllowedError')
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
  const place = await page.evaluate(
    () =>
      new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          ({ code, PERMISSION_DENIED }) => resolve(code === PERMISSION_DENIED ? 'denied' : code),
        )
      }),
  )
  expect(place).toBe('denied')
})

test('inline scripts and handlers do not run', async () => {
  const page = await plate().page('console')
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'globalThis.ranInline = 1'
    document.body.append(script)
    const button = document.createElement('button')
    button.setAttribute('onclick', 'globalThis.ranHandler = 1')
    document.body.append(button)
    button.click()
    script.remove()
    button.remove()
    return ['ranInline', 'ranHandler'].filter((name) => name in globalThis)
  })
  expect(ran).toEqual([])
})

test('pages load nothing from elsewhere and embed nothing', async () => {
  const page = await plate().page('console')
  const refused = await page.evaluate(async () => {
    const directives: string[] = []
    const all = new Promise<void>((resolve) =>
      document.addEventListener('securitypolicyviolation', (event) => {
        if (directives.push(event.effectiveDirective) === 4) resolve()
      }),
    )
    const fetched = await fetch('https://plate.example/').then(
      () => 'fetched',
      () => 'refused',
    )
    const elements = [
      Object.assign(document.createElement('script'), { src: 'https://plate.example/x.js' }),
      Object.assign(document.createElement('img'), { src: 'https://plate.example/x.png' }),
      Object.assign(document.createElement('iframe'), { src: '/kitchen/' }),
    ]
    document.body.append(...elements)
    await all
    for (const element of elements) element.remove()
    return { fetched, directives: directives.sort() }
  })
  expect(refused).toEqual({
    fetched: 'refused',
    directives: ['connect-src', 'frame-src', 'img-src', 'script-src-elem'],
  })
})

test('the session sends no request off the machine, whoever asks', async () => {
  const outcome = await plate().app.evaluate(async ({ BrowserWindow }) => {
    const window = new BrowserWindow({ show: false })
    const failed = await window.loadURL('http://127.0.0.1:9/').then(
      () => 'loaded',
      (error: Error) => error.message,
    )
    window.destroy()
    return failed
  })
  expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT')
})

test('a window that is not ours gets no connection, even with our page and our preload', async () => {
  await plate().app.evaluate(async ({ BrowserWindow, app }) => {
    const preload = `${app.getAppPath()}/out/preload/index.cjs`
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    Object.assign(globalThis, { stranger: window })
    await window.loadURL('plate://app/console/')
  })
  await plate().logged(/not a window of ours/)
  const heard = await plate().app.evaluate(async () => {
    const { stranger } = globalThis as unknown as { stranger: Electron.BrowserWindow }
    const answer = await stranger.webContents.executeJavaScript(`new Promise((resolve) => {
      const port = plate.connect()
      port.onMessage(resolve)
      port.send(JSON.stringify({ t: 'hello', v: 1, app: 't', kind: 'console', station: null, clock: 1, session: null }))
      setTimeout(resolve, 500, 'nothing')
    })`)
    stranger.destroy()
    return answer
  })
  expect(heard).toBe('nothing')
})

test('a frame inside one of our pages gets no connection', async () => {
  const page = await plate().page('console')
  await plate().app.evaluate(({ ipcMain, webContents }) => {
    const sender = webContents.getAllWebContents().find((each) => each.getURL().includes('/console/'))
    const senderFrame = { url: sender?.getURL() }
    ipcMain.emit('plate:frame', { sender, senderFrame }, 'forged', '')
  })
  await plate().logged(/not the main frame/)
  expect(page.url()).toContain('/console/')
})

test('a frame beyond the limit ends the connection that sent it', async () => {
  const page = await plate().page('console')
  const ended = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const { plate: bridge } = globalThis as unknown as {
          plate: { connect(): { send(frame: string): void; onClose(closed: () => void): void } }
        }
        const port = bridge.connect()
        port.onClose(() => resolve('ended'))
        port.send(`"${'x'.repeat(600 * 1024)}"`)
      }),
  )
  expect(ended).toBe('ended')
  await plate().logged(/frame too large/)
})

test('plate:// serves our files only, to GET only, with the strict headers', async () => {
  const answers = await plate().app.evaluate(async ({ net }) => {
    const ask = async (url: string, method = 'GET') => {
      const { status, headers } = await net.fetch(url, { method })
      return { status, headers: Object.fromEntries(headers) }
    }
    return {
      page: await ask('plate://app/console/'),
      posted: (await ask('plate://app/console/', 'POST')).status,
      outside: await Promise.all(
        [
          'plate://app/..%2fmain/index.js',
          'plate://app/..%5cmain/index.js',
          'plate://app/%2e%2e/%2e%2e/package.json',
          'plate://app/console/..%2f..%2f..%2fpackage.json',
          'plate://app/.built',
          'plate://app//etc/passwd',
          'plate://app/console/%00index.html',
          'plate://elsewhere/console/index.html',
        ].map(async (url) => (await ask(url)).status),
      ),
    }
  })
  expect(answers.page.status).toBe(200)
  expect(answers.page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  expect(answers.page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
  expect(answers.posted).toBe(405)
  expect(new Set(answers.outside)).toEqual(new Set([404]))
})

test('dangerous keys do nothing on a board, keys of bump bars arrive', async () => {
  const page = await plate().page('kitchen')
  await page.evaluate(() => {
    const pressed: string[] = []
    Object.assign(globalThis, { pressed })
    addEventListener('keydown', ({ key }) => pressed.push(key), true)
  })
  for (const keys of ['F5', 'Control+r', 'Control+Shift+r', 'F11', 'Control+w', 'Control+=', 'Control+5'])
    await page.keyboard.press(keys)
  for (const key of ['1', '9', 'ArrowRight', 'Enter', 'F2']) await page.keyboard.press(key)
  const pressed = await page.evaluate(() => (globalThis as unknown as { pressed: string[] }).pressed)
  expect(pressed.filter((key) => !['Control', 'Shift'].includes(key))).toEqual([
    '1',
    '9',
    'ArrowRight',
    'Enter',
    'F2',
  ])
  expect(pressed).toContain('Control')
  expect(plate().app.windows()).toHaveLength(2)
})
