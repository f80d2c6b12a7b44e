/** @file The hub as a program in a restaurant of the cloud: connects itself from its environment, takes a restaurant over, says what is wrong. */

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Client } from '../../shared/client/client.ts'
import type { Stream } from '../../shared/client/stream.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'
import { createWords } from '../../shared/words/index.ts'
import { type Program, ready, run } from '../integration/hub/program.ts'
import { line, online, PINS, streamed, tempDir, testClient } from '../support/core.ts'
import { socketPort } from '../support/hub.ts'
import { eventually } from '../support/progress.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'

let backend: TestBackend
beforeAll(async () => {
  backend = await openBackend()
})
afterAll(() => backend.close())

const free = ['--port', '0', '--tls-port', '0', '--no-lan']

interface RunningHub {
  program: Program
  url: string
  client(kind: ScreenKind): Client
  health(): Promise<{ cloud: { state: string; outbox: number } | null; openTickets: number }>
  said(): string
}

function folder(): string {
  const { dir, remove } = tempDir()
  onTestFinished(remove)
  return dir
}

async function startHub(dir: string, env: Record<string, string> = {}, args = free): Promise<RunningHub> {
  const program = run(['--data', dir, ...args], { PLATE_LOG_LEVEL: 'warn', ...env })
  const { url, key } = await ready(program)
  const connect = () =>
    socketPort(`${url.replace(/^http/, 'ws')}/ws`, { cookie: `plate_local=${key}`, origin: url })
  return {
    program,
    url,
    client(kind) {
      const client = testClient(connect, kind)
      onTestFinished(() => client.close())
      return client
    },
    health: async () => (await fetch(`${url}/api/health`)).json(),
    said: () => program.output().out + program.output().err,
  }
}

async function isLive(hub: RunningHub): Promise<void> {
  const live = async () => {
    const { cloud } = await hub.health().catch(() => ({ cloud: null }))
    return cloud?.state === 'live' && cloud.outbox === 0
  }
  await eventually('the hub to be live', live).catch((error: Error) => {
    throw new Error(`${error.message}; it said:
${hub.said()}`)
  })
}

async function environment(restaurant: string, more: Record<string, string> = {}) {
  return {
    PLATE_SUPABASE_URL: backend.url,
    PLATE_SUPABASE_KEY: backend.publishableKey,
    PLATE_DEVICE_CODE: await backend.deviceCode(restaurant),
    ...more,
  }
}

async function end(hub: RunningHub): Promise<void> {
  hub.program.child.kill('SIGTERM')
  expect(await hub.program.exited, hub.said()).toBe(0)
}

async function order(hub: RunningHub, menuItem: string): Promise<string> {
  const client = hub.client('console')
  await online(client)
  const signed = await client.call('signIn', { pin: PINS.server })
  if (!signed.ok) throw new Error(JSON.stringify(signed.error))
  const id = client.newId()
  const placed = await client.send('placeOrder', {
    order: id,
    type: 'takeaway',
    items: [line(client, menuItem)],
  })
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return id
}

/** The open tickets of a hub, once they are `count`. */
async function tickets(hub: RunningHub, count: number) {
  const board: Stream<'tickets'> = hub.client('expo').subscribe('tickets', { scope: 'expo' })
  await streamed(board, (entries) => entries.size === count)
  return [...board.entries.values()].map(({ id, number }) => `${id} ${number}`).sort()
}

test('the first hub sends what it has, the second takes the restaurant over without leaving its process', async () => {
  const restaurant = await backend.restaurant('The Copper Pan')
  const dir = folder()
  const env = await environment(restaurant)
  const file = Object.entries(env).map(([name, value]) => `${name}="${value}"\n`)
  writeFileSync(path.join(dir, '.env'), file.join(''))
  const first = await startHub(dir)
  await isLive(first)
  expect(first.said()).toContain('Connected to The Copper Pan.')
  const placed = [await order(first, 'fries'), await order(first, 'fries')]

  const second = await startHub(folder(), await environment(restaurant))
  await isLive(second)
  expect(second.said()).toContain('Connected to The Copper Pan. Starting again')
  expect(second.said()).toContain('Plate has started again.')
  const shown = await tickets(second, 2)
  expect(shown).toEqual(await tickets(first, 2))
  expect(shown.map((ticket) => ticket.split(' ')[0])).toEqual([...placed].sort())

  // What is ordered at either is on the other's board, under letters of their own.
  await order(second, 'fries')
  const three = await tickets(first, 3)
  expect(three).toEqual(await tickets(second, 3))
  expect(three.filter((ticket) => / AB\d+$/.test(ticket))).toHaveLength(1)

  // The code is used up; the hub neither needs it nor minds it.
  await end(first)
  const again = await startHub(dir)
  await isLive(again)
  expect(again.said()).toContain('PLATE_DEVICE_CODE is not needed')
  expect(await tickets(again, 3)).toEqual(three)

  if (process.platform !== 'win32') expect(statSync(path.join(dir, 'secrets.json')).mode & 0o777).toBe(0o600)
  for (const hub of [first, second, again]) {
    for (const secret of [env.PLATE_DEVICE_CODE, backend.publishableKey])
      expect(hub.said()).not.toContain(secret)
    expect(hub.said()).not.toMatch(/eyJ[\w-]+\.[\w-]+/)
  }
  await Promise.all([end(again), end(second)])
  expect(readFileSync(path.join(dir, 'secrets.json'), 'utf8')).toContain(restaurant)
})

test('a signal in the middle of taking over ends the hub cleanly, and the next start goes on with it', async () => {
  const restaurant = await backend.restaurant('The Copper Pan')
  const first = await startHub(folder(), await environment(restaurant))
  await isLive(first)
  await order(first, 'fries')

  const dir = folder()
  const hub = await startHub(dir, await environment(restaurant, { PLATE_SUPABASE_TAKE: 'download' }))
  await eventually('the claim', () => hub.said().includes('Starting again'))
  await end(hub)
  const later = await startHub(dir)
  await isLive(later)
  expect(await tickets(later, 1)).toEqual(await tickets(first, 1))
  await Promise.all([end(first), end(later)])
})

test('what only a person can put right is said, and the hub works on alone', async () => {
  const restaurant = await backend.restaurant()
  const env = await environment(restaurant)
  const wrong = await startHub(folder(), { ...env, PLATE_DEVICE_CODE: 'AAAAA-AAAAA' })
  await eventually('the refusal', () => /put a new code into PLATE_DEVICE_CODE/i.test(wrong.said()))
  const key = await startHub(folder(), { ...env, PLATE_SUPABASE_KEY: 'sb_publishable_of-another-project' })
  await eventually('the refusal', () => /PLATE_SUPABASE_KEY/.test(key.said()))
  for (const hub of [wrong, key]) {
    await order(hub, 'fries')
    expect(await hub.health()).toMatchObject({ cloud: null, openTickets: 1 })
    const status = hub.client('manager').subscribe('status', {})
    await streamed(status, (entries) => {
      const alarms = entries.get('alarms')
      return (
        alarms?.topic === 'alarms' &&
        alarms.value.some(({ says }) => createWords().say(says).includes('PLATE_'))
      )
    })
    await end(hub)
  }
})

test(
  'a project without the migrations is told apart, with the command that applies them',
  needs('faults'),
  async () => {
    const bare = await openBackend({ bare: true })
    onTestFinished(() => bare.close())
    const hub = await startHub(folder(), {
      PLATE_SUPABASE_URL: bare.url,
      PLATE_SUPABASE_KEY: bare.publishableKey,
      PLATE_DEVICE_CODE: 'AAAAA-AAAAA',
    })
    await eventually('the sentence', () => hub.said().includes('npx supabase@3 db push'))
    await end(hub)
  },
)

test('a hub that starts before its network is there connects when it comes', needs('faults'), async () => {
  const restaurant = await backend.restaurant()
  backend.faults.answer = (at) => (at.includes('/auth/') ? { status: 503 } : null)
  const hub = await startHub(folder(), await environment(restaurant))
  await eventually('it to wait', () => hub.said().includes('tries again by itself'))
  backend.faults.answer = null
  await isLive(hub)
  await end(hub)
})
