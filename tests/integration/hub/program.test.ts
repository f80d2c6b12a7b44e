/** @file `plate-hub` as a program: start, stop, pair, wrong options, taken ports. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readArguments } from '../../../main/headless/arguments.ts'
import { defaultDataDir } from '../../../main/headless/places.ts'
import { ask, hello, openScreen, testDir } from './harness.ts'
import { ready, run } from './program.ts'

const free = ['--port', '0', '--tls-port', '0']

describe('running', () => {
  test('it starts with the demo restaurant, opens every screen here, and stops cleanly', async () => {
    const data = path.join(testDir(), 'new', 'folder')
    const hub = run(['--data', data, ...free, '--no-lan', '--name', 'Corner Bistro'])
    const { url, tlsUrl, key } = await ready(hub)
    expect(tlsUrl).toBeNull()
    for (const screen of ['kitchen', 'expo', 'console', 'manager'])
      expect(hub.output().out).toContain(`${url}/open?key=${key}&to=/${screen}/`)

    const screen = await openScreen(url, { cookie: `plate_local=${key}`, origin: url })
    screen.send(hello('console'))
    await screen.find('welcome')
    screen.send({ t: 'sub', i: 1, s: 'documents', a: {} })
    const { items } = await screen.find('snap')
    expect(items.length).toBeGreaterThanOrEqual(5)
    expect(JSON.stringify(items)).toContain('fries')

    const bye = screen.find('bye')
    hub.child.kill('SIGTERM')
    expect((await bye).e.code).toBe('stopping')
    expect(await hub.exited).toBe(0)
    expect(existsSync(path.join(data, 'hub.json'))).toBe(false)
  })

  test('the ready line goes to the descriptor that was asked for', async () => {
    const hub = run(['--data', testDir(), ...free, '--no-lan'], { PLATE_READY_FD: '1' })
    const message = await ready(hub)
    hub.child.kill('SIGINT')
    expect(await hub.exited).toBe(0)
    const line = hub
      .output()
      .out.split('\n')
      .find((each) => each.startsWith('{'))
    expect(JSON.parse(line ?? '')).toEqual(message)
  })

  test('a training evening is announced on every screen', async () => {
    const hub = run(['--data', testDir(), ...free, '--no-lan', '--demo=1000'])
    const { url, key } = await ready(hub)
    const screen = await openScreen(url, { cookie: `plate_local=${key}` })
    screen.send(hello('expo'))
    screen.send({ t: 'sub', i: 1, s: 'status', a: {} })
    expect(JSON.stringify(await screen.find('snap'))).toContain('"training":true')
    screen.send({ t: 'sub', i: 2, s: 'tickets', a: { scope: 'expo' } })
    await screen.find('batch')
  })

  test('a taken port ends it with a sentence', async () => {
    const server = createServer()
    onTestFinished(() => void server.close())
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    )
    const hub = run(['--data', testDir(), '--port', String(port)])
    expect(await hub.exited).toBe(2)
    expect(hub.output().err).toContain(`plate-hub: Port ${port} is already in use`)
    expect(hub.output().err).toContain('--port')
  })

  test('a .env in the data folder is read, and the environment counts before it', async () => {
    const data = testDir()
    writeFileSync(path.join(data, '.env'), 'PLATE_NAME="The Copper Pan"\nPLATE_PORT=1\n')
    const hub = run(['--data', data, '--tls-port', '0', '--no-lan'], { PLATE_PORT: '0' })
    const { url, key } = await ready(hub)
    const screen = await openScreen(url, { cookie: `plate_local=${key}` })
    screen.send(hello('manager'))
    screen.send({ t: 'sub', i: 1, s: 'status', a: {} })
    expect(JSON.stringify(await screen.find('snap'))).toContain('The Copper Pan')
  })

  test('half a wish for Supabase ends it with a sentence', async () => {
    const data = testDir()
    writeFileSync(path.join(data, '.env'), 'PLATE_DEVICE_CODE=AB12C-DE34F\n')
    const hub = run(['--data', data, ...free])
    expect(await hub.exited).toBe(2)
    expect(hub.output().err).toContain('PLATE_SUPABASE_URL is missing')
    expect(hub.output().err).not.toContain('AB12C')
  })

  test('an unknown option ends it with a sentence', async () => {
    const hub = run(['--prot', '4000'])
    expect(await hub.exited).toBe(2)
    expect(hub.output().err).toMatch(/--prot.*\n.*--help/s)
  })
})

describe('pair', () => {
  test('prints a code that works, addresses, fingerprint and a picture', async () => {
    const data = testDir()
    const hub = run(['--data', data, ...free, '--lan'])
    const { url } = await ready(hub)
    const pair = run(['pair', '--data', data, '--kind', 'kitchen', '--station', 'grill', '--name', 'Grill'])
    expect(await pair.exited, pair.output().err).toBe(0)
    const { out } = pair.output()
    const code = /^Code (\d{4}) (\d{4}),/.exec(out)?.slice(1).join('') ?? ''
    expect(out).toMatch(/https:\/\/[\d.]+:\d+\/join\//)
    expect(out).toMatch(/Certificate ([0-9A-F]{2}:){31}[0-9A-F]{2}/)
    expect(out).toContain('▀')
    const paired = await ask(url, '/api/pair', { body: { code } })
    expect(JSON.parse(paired.body).device).toMatchObject({ name: 'Grill', kind: 'kitchen', station: 'grill' })
    hub.child.kill('SIGTERM')
    expect(await hub.exited).toBe(0)
  })

  test('without a running hub it says so', async () => {
    const pair = run(['pair', '--data', testDir()])
    expect(await pair.exited).toBe(1)
    expect(pair.output().err).toContain('Start it first')
  })
})

describe('options', () => {
  const hubOf = (argv: string[], env = {}) => {
    const wanted = readArguments(argv, env)
    if (wanted.run !== 'hub') throw new Error(JSON.stringify(wanted))
    return wanted.hub
  }

  test('the command line counts before the environment', () => {
    const env = {
      PLATE_PORT: '1',
      PLATE_LAN: '1',
      PLATE_DEMO: '5',
      PLATE_HOST_NAMES: 'a, b',
      ALLOWED_ORIGINS: 'https://x',
    }
    expect(hubOf([], env)).toMatchObject({
      port: 1,
      lan: true,
      demo: 5,
      hostNames: ['a', 'b'],
      allowedOrigins: ['https://x'],
    })
    expect(hubOf(['--port=2', '--no-lan', '--demo=20', '--host-name', 'c'], env)).toMatchObject({
      port: 2,
      lan: false,
      demo: 20,
      hostNames: ['c'],
    })
    expect(hubOf(['--demo'])).toMatchObject({
      port: 4680,
      tlsPort: 4681,
      lan: undefined,
      demo: 1,
      maxConnections: 2000,
    })
  })

  test.each([
    [['--port', 'x']],
    [['--port', '70000']],
    [['--demo=fast']],
    [['pair', '--kind', 'oven']],
    [['extra']],
  ])('complains about %s', (argv) => {
    const wanted = readArguments(argv, {})
    expect(wanted).toMatchObject({ run: 'complain', message: expect.stringMatching(/\w+ \w+/) })
  })

  test('data lies where the platform expects it', () => {
    expect(defaultDataDir('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/plate')
    expect(defaultDataDir('win32', { APPDATA: 'C:/Users/a' })).toContain('Plate')
    expect(defaultDataDir('darwin', {})).toMatch(/Library.Application Support.Plate$/)
  })

  test('the help names every option', () => {
    const source = readFileSync(
      path.resolve(import.meta.dirname, '../../../main/headless/arguments.ts'),
      'utf8',
    )
    const [, options = ''] = /HUB_OPTIONS = \{(.*?)\} as const/s.exec(source) ?? []
    const names = [...options.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, name]) => `--${name}`)
    expect(names.length).toBeGreaterThan(7)
    const [, help = ''] = /HELP = `(.*?)`/s.exec(source) ?? []
    for (const name of names) expect(help).toContain(name)
  })
})
