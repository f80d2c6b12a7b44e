/** @file A hub whose disk is full or read-only, at start or later: boards, an alarm, a sentence for orders, and all by itself once there is room. Real disks of a process of its own. */
import { mkdirSync, rmdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Client } from '../../../shared/client/client.ts'
import type { Stream } from '../../../shared/client/stream.ts'
import { fail, failure } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { line, online, PINS, streamed } from '../../support/core.ts'
import { startHub, type TestHub } from '../../support/hub.ts'
import { canMount, FILL, MAKE_ROOM, READ_ONLY, smallDisk, WRITABLE } from '../../support/small-disk.ts'
import { ask, cookieOf, hello, openScreen, testDir } from './harness.ts'
import { ready, run } from './program.ts'

const OPEN = ['--tls-port', '0', '--lan']

async function hubOn(dir: string, more: Partial<Parameters<typeof startHub>[0]> = {}): Promise<TestHub> {
  const hub = await startHub({ dir, ...more })
  onTestFinished(() => hub.kill())
  return hub
}

async function consoleOf(hub: TestHub): Promise<Client> {
  const client = hub.client('console')
  onTestFinished(() => client.close())
  await online(client)
  expect((await client.call('signIn', { pin: PINS.host })).ok).toBe(true)
  return client
}

function place(client: Client) {
  return client.send('placeOrder', {
    order: client.newId(),
    type: 'takeaway',
    items: [line(client, 'fries')],
  })
}

const authorityOf = async ({ url }: TestHub) => (await ask(url, '/ca.crt')).body

const alarmsOf = (status: Stream<'status'>): Message[] => {
  const entry = status.entries.get('alarms')
  return entry?.topic === 'alarms' ? entry.value.map(({ says }) => says) : []
}

/** Pairs a kitchen screen over the network. Answers its cookie and the authority it trusts. */
async function pair(hub: TestHub) {
  const { url, tlsUrl, key } = hub
  const made = await ask(url, '/api/pairings', {
    body: { kind: 'kitchen', station: 'fryer' },
    headers: { authorization: `Bearer ${key}` },
  })
  const ca = await authorityOf(hub)
  const { code } = JSON.parse(made.body)
  const paired = await ask(tlsUrl ?? '', '/api/pair', { body: { code }, ca })
  return { paired, cookie: cookieOf(paired), ca }
}

/** The data folder of a hub that was killed with two open tickets and a paired screen. */
async function killed() {
  const dir = testDir()
  const hub = await hubOn(dir, { args: OPEN })
  const client = await consoleOf(hub)
  for (let n = 0; n < 2; n++) expect((await place(client)).ok).toBe(true)
  const { cookie, ca } = await pair(hub)
  const board = client.subscribe('tickets', { scope: 'open' })
  await streamed(board, (tickets) => tickets.size === 2)
  await hub.kill()
  return { dir, cookie, ca, tickets: [...board.entries.values()] }
}

const DISKS = {
  full: {
    prepare: FILL,
    over: MAKE_ROOM,
    code: 'storeFull' as const,
    says: (folder: string) => say('store.full', { folder }),
  },
  'read-only': {
    prepare: READ_ONLY,
    over: WRITABLE,
    code: 'storeReadOnly' as const,
    says: (folder: string) => say('store.readOnly', { folder }),
  },
}

describe.skipIf(!canMount)('a hub', () => {
  test.each(['full', 'read-only'] as const)(
    'that starts on a %s disk shows its boards and says what to do, and takes orders once it can',
    async (kind) => {
      const { prepare, over, code } = DISKS[kind]
      const before = await killed()
      const dir = path.join(testDir(), 'disk')
      const says = DISKS[kind].says(dir)
      mkdirSync(dir)
      const disk = smallDisk(dir, {
        from: before.dir,
        prepare: `: > hub.log && ${prepare}`,
        // A log on the same disk.
        redirect: kind === 'full' ? '>> "$DISK/hub.log" 2>&1' : '',
      })
      const hub = await hubOn(dir, { args: OPEN, wrap: disk.wrap })
      const client = await consoleOf(hub)
      const [board, status] = [client.subscribe('tickets', { scope: 'open' }), client.subscribe('status', {})]
      await streamed(status, () => alarmsOf(status).length > 0)
      expect(alarmsOf(status)).toEqual([says])
      await streamed(board, () => true)
      expect([...board.entries.values()]).toEqual(before.tickets)
      expect(JSON.parse((await ask(hub.url, '/api/health')).body)).toMatchObject({
        ok: false,
        openTickets: 2,
        store: { says },
      })
      const refused = failure(code, { message: says })
      expect(await place(client)).toEqual({ ok: false, error: refused })

      const tablet = await openScreen(hub.tlsUrl ?? '', { cookie: before.cookie }, { ca: before.ca })
      tablet.send(hello('kitchen'))
      expect((await tablet.find('welcome')).device).toMatchObject({ kind: 'kitchen', station: 'fryer' })
      const { paired } = await pair(hub)
      expect(JSON.parse(paired.body)).toEqual({ error: refused })

      disk.inside(hub.pid, over)
      await streamed(status, () => alarmsOf(status).length === 0)
      expect(await place(client)).toMatchObject({ ok: true, value: { number: '3' } })
      await streamed(board, (tickets) => tickets.size === 3)
      expect((await pair(hub)).paired.status).toBe(200)
      // Its small files come by themselves as well.
      const running = () => disk.inside(hub.pid, 'cat hub.json')
      await expect.poll(running).toContain(`"pid":${hub.pid}`)
      if (kind === 'full') expect(disk.inside(hub.pid, 'cat hub.log')).toContain('STORE_RECOVERED')
    },
  )

  test('that runs says so at the first order it cannot save, and its alarm ends without another', async () => {
    const dir = path.join(testDir(), 'disk')
    mkdirSync(dir)
    const disk = smallDisk(dir)
    const hub = await hubOn(dir, { wrap: disk.wrap })
    const client = await consoleOf(hub)
    const status = client.subscribe('status', {})
    expect((await place(client)).ok).toBe(true)
    disk.inside(hub.pid, FILL)
    // What SQLite has room for in its log is saved all the same.
    let answer = await place(client)
    while (answer.ok) answer = await place(client)
    expect(answer).toEqual(fail('storeFull', { message: DISKS.full.says(dir) }))
    await streamed(status, () => alarmsOf(status).length === 1)
    disk.inside(hub.pid, MAKE_ROOM)
    await streamed(status, () => alarmsOf(status).length === 0)
    expect((await place(client)).ok).toBe(true)
  })

  test('that has never run before starts empty on a full disk, and is whole once there is room', async () => {
    const dir = path.join(testDir(), 'disk')
    mkdirSync(dir)
    const disk = smallDisk(dir, { prepare: FILL })
    const hub = await hubOn(dir, { args: OPEN, wrap: disk.wrap })
    const client = hub.client('console')
    onTestFinished(() => client.close())
    const [status, documents] = [client.subscribe('status', {}), client.subscribe('documents', {})]
    await streamed(status, () => alarmsOf(status).length === 2)
    expect(alarmsOf(status)).toEqual([say('store.nothingYet', { folder: dir }), DISKS.full.says(dir)])
    const authority = await authorityOf(hub)
    disk.inside(hub.pid, MAKE_ROOM)
    await streamed(status, () => alarmsOf(status).length === 0)
    await streamed(documents, (entries) => [...entries.values()].every(({ version }) => version > 0))
    expect((await client.call('signIn', { pin: PINS.host })).ok).toBe(true)
    expect(await place(client)).toMatchObject({ ok: true, value: { number: '1' } })
    await expect.poll(() => disk.inside(hub.pid, 'cat local-key')).toBe(hub.key)
    expect(await authorityOf(hub)).toBe(authority)
  })

  test('that can show nothing says so, keeps trying, and ends when it is told to', async () => {
    const dir = testDir()
    mkdirSync(path.join(dir, 'plate.db'))
    const hub = run(['--data', dir, '--port', '0', '--no-lan'])
    const said = (async () => {
      for await (const text of hub.child.stderr ?? [])
        if (String(text).includes('tried again')) return String(text)
      return ''
    })()
    expect(await said).toContain('may not write to')
    rmdirSync(path.join(dir, 'plate.db'))
    const { url } = await ready(hub)
    expect((await ask(url, '/api/health')).status).toBe(200)
    hub.child.kill('SIGTERM')
    expect(await hub.exited).toBe(0)
  })
})
