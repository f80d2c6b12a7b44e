/** @file Unit tests of the client against a core played by hand: reconnecting, resending, staleness, refusals, resume. */
import { beforeEach, describe, expect, test } from 'vitest'
import { type Client, createClient } from '../../../shared/client/client.ts'
import type { Changes } from '../../../shared/client/stream.ts'
import { CONTRACT_VERSION } from '../../../shared/contract/contract.ts'
import type { Port } from '../../../shared/contract/port.ts'
import { INITIAL_CREDITS } from '../../../shared/contract/wire.ts'
import type { ScreenKind } from '../../../shared/domain/roles.ts'
import { portPair } from '../../support/ports.ts'
import { nobodysTask } from '../../support/pressed.ts'

type Frame = Record<string, unknown> & { t: string; i: number }

const bump = { order: 'o', station: 's', tasks: [nobodysTask('i')] }

/** Time and timers that only move when a test says so. */
function handTime() {
  const timers = new Set<{ at: number; task(): void }>()
  let now = 1_000_000
  let passed = 0
  return {
    timers,
    now: () => now,
    /** Somebody sets this screen's clock. */
    set(ms: number) {
      now = ms
    },
    after(ms: number, task: () => void) {
      const timer = { at: passed + ms, task }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    /** Lets `ms` pass; frames arrive in between. */
    async pass(ms: number) {
      const until = passed + ms
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)
        const to = next?.at ?? until
        now += to - passed
        passed = to
        if (!next) return flush()
        timers.delete(next)
        next.task()
        await flush()
      }
    },
  }
}

/** Lets frames that are under way arrive. */
async function flush(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

/** The core's end of one connection. */
function playedCore(port: Port) {
  const frames: Frame[] = []
  let closed = false
  port.onMessage((text) => frames.push(JSON.parse(text) as Frame))
  port.onClose(() => {
    closed = true
  })
  const send = async (frame: unknown) => {
    port.send(JSON.stringify(frame))
    await flush()
  }
  return {
    frames,
    send,
    closed: () => closed,
    cut: async () => {
      port.close()
      await flush()
    },
    sent: (type: string) => frames.filter((frame) => frame.t === type),
    welcome: (more = {}) =>
      send({
        t: 'welcome',
        v: CONTRACT_VERSION,
        core: 'core-1',
        now: 2_000_000,
        device: { id: 'd', name: 'D', kind: 'console', station: null },
        person: null,
        roles: ['device'],
        ...more,
      }),
  }
}
type PlayedCore = ReturnType<typeof playedCore>

let time: ReturnType<typeof handTime>
let cores: PlayedCore[]
let reachable: boolean | 'silent'
let dials: number
let client: Client
let ids: number

const core = () => cores.at(-1) as PlayedCore

function start(kind: ScreenKind = 'console', random = 1): Client {
  client = createClient({
    kind,
    station: null,
    app: 'test',
    async connect() {
      dials++
      if (reachable === 'silent') return new Promise<never>(() => undefined)
      if (!reachable) throw new Error('no route')
      const [near, far] = portPair()
      cores.push(playedCore(far))
      return near
    },
    host: { now: time.now, after: time.after, id: () => `id-${++ids}`, random: () => random },
  })
  return client
}

async function online(kind?: ScreenKind): Promise<Client> {
  start(kind)
  await flush()
  await core().welcome()
  return client
}

beforeEach(() => {
  time = handTime()
  cores = []
  reachable = true
  dials = 0
  ids = 0
})

describe('connecting', () => {
  test('says hello first, and is online with the clock of the core when welcomed', async () => {
    start()
    expect(client.state.link).toBe('connecting')
    await flush()
    expect(core().frames).toMatchObject([
      { t: 'hello', v: CONTRACT_VERSION, kind: 'console', clock: 1_000_000, session: null },
    ])
    await core().welcome()
    expect(client.state).toMatchObject({
      link: 'online',
      core: 'core-1',
      offset: 1_000_000,
      roles: ['device'],
    })
    expect(client.now()).toBe(2_000_000)
    await core().send({ t: 'beat', now: 2_000_500 })
    expect(client.now()).toBe(2_000_500)
  })

  test('tries again, ever more slowly and never at the same moment as others', async () => {
    reachable = false
    start('console', 0)
    await flush()
    const times: number[] = []
    for (let turn = 0; turn < 8; turn++) {
      const before = dials
      let waited = 0
      while (dials === before) {
        await time.pass(50)
        waited += 50
      }
      times.push(waited)
    }
    expect(times).toEqual([100, 200, 400, 800, 1_600, 2_500, 2_500, 2_500])
    expect(client.state.link).toBe('offline')
  })

  test('begins anew after a welcome', async () => {
    await online()
    await core().cut()
    expect(client.state.link).toBe('offline')
    await time.pass(199)
    expect(dials).toBe(1)
    await time.pass(1)
    expect(dials).toBe(2)
  })

  test.each(['notPaired', 'revoked', 'versionMismatch', 'notAllowed'])(
    'stops when refused with %s',
    async (code) => {
      await online()
      await core().send({ t: 'bye', e: { code, message: 'No.' } })
      await core().cut()
      await time.pass(60_000)
      expect(client.state).toMatchObject({ link: 'refused', failure: { code } })
      expect(dials).toBe(1)
      client.reconnect()
      await flush()
      expect(client.state).toMatchObject({ link: 'connecting', failure: null })
      await core().welcome()
      expect(client.state.link).toBe('online')
    },
  )

  test('goes on after any other goodbye', async () => {
    await online()
    await core().send({ t: 'bye', e: { code: 'stopping', message: 'Soon back.' } })
    await core().cut()
    expect(client.state).toMatchObject({ link: 'offline', failure: { code: 'stopping' } })
    await time.pass(1_000)
    await core().welcome()
    expect(client.state).toMatchObject({ link: 'online', failure: null })
  })

  test.each([true, 'silent'] as const)('gives up a connection that never welcomes (%s)', async (kind) => {
    reachable = kind
    start()
    await time.pass(15_000)
    expect(dials).toBe(1)
    reachable = true
    await time.pass(2_000)
    expect(dials).toBe(2)
    await core().welcome()
    expect(client.state.link).toBe('online')
  })

  test('connects at once when told to, and drops what was there', async () => {
    await online()
    const asked = client.call('devices', {})
    await flush()
    const old = core()
    client.reconnect()
    await flush()
    expect(await asked).toMatchObject({ ok: false, error: { code: 'busy' } })
    expect([old.closed(), dials, client.state.link]).toEqual([true, 2, 'offline'])
    await core().welcome()
    expect(core().sent('call')).toEqual([])
  })
})

describe('silence', () => {
  test('makes the screen stale, then closes a dead port and connects anew', async () => {
    await online()
    await time.pass(5_000)
    expect(client.state.link).toBe('online')
    await time.pass(1_000)
    expect(client.state.link).toBe('stale')
    await core().send({ t: 'beat', now: 1 })
    expect(client.state.link).toBe('online')
    const old = core()
    await time.pass(12_000)
    expect([old.closed(), dials]).toEqual([true, 2])
  })

  test('is noticed also while the clock of the screen is set back', async () => {
    await online()
    time.set(0)
    await time.pass(8_000)
    expect(client.state.link).toBe('stale')
    await time.pass(6_000)
    expect(dials).toBe(2)
  })

  test('ends with any frame, told once a second at most', async () => {
    await online()
    let told = 0
    client.onState(() => told++)
    for (let turn = 0; turn < 20; turn++) {
      await core().send({ t: 'pong', c: 1, now: 1 })
      await time.pass(100)
    }
    expect(told).toBeLessThanOrEqual(2)
    expect(client.state.lastHeard).toBe(time.now() - 100)
  })
})

describe('commands', () => {
  test('are sent again under the same id after a cut between sending and answer', async () => {
    await online()
    const answer = client.send('bumpTicket', bump)
    expect(client.state.unanswered).toBe(1)
    await flush()
    const [first] = core().sent('call')
    await core().cut()
    await time.pass(200)
    await core().welcome()
    const [second, ...others] = core().sent('call')
    expect([second, others]).toEqual([first, []])
    await core().send({ t: 'reply', i: second?.i, ok: true, v: {} })
    expect(await answer).toEqual({ ok: true, value: {} })
    expect(client.state.unanswered).toBe(0)
    await core().cut()
    await time.pass(200)
    await core().welcome()
    expect(core().sent('call')).toEqual([])
  })

  test('given while offline go out in order when the core is back, not all at once', async () => {
    start()
    const answers = Array.from({ length: 100 }, () => client.send('bumpTicket', bump))
    await flush()
    await core().welcome()
    expect(core().sent('call')).toHaveLength(32)
    for (let turn = 0; turn < 100; turn++) {
      await core().send({ t: 'reply', i: core().sent('call')[turn]?.i, ok: true, v: {} })
    }
    expect((await Promise.all(answers)).every((answer) => answer.ok)).toBe(true)
    expect(
      core()
        .sent('call')
        .map((call) => call.id),
    ).toEqual(Array.from({ length: 100 }, (_, n) => `id-${n + 1}`))
  })

  test.each(['tooManyRequests', 'stopping'])(
    'that the core did not take up (%s) are sent again',
    async (code) => {
      await online()
      const answer = client.send('bumpTicket', bump)
      await flush()
      await core().send({
        t: 'reply',
        i: core().sent('call')[0]?.i,
        ok: false,
        e: { code, message: 'Later.' },
      })
      await time.pass(1_000)
      const calls = core().sent('call')
      expect(calls[1]).toEqual(calls[0])
      await core().send({ t: 'reply', i: calls[1]?.i, ok: true, v: {} })
      expect((await answer).ok).toBe(true)
    },
  )

  test('an answer nobody waits for is ignored', async () => {
    await online()
    await core().send({ t: 'reply', i: 99, ok: true, v: {} })
    expect(client.state.unanswered).toBe(0)
  })
})

describe('queries', () => {
  test('are refused while offline and when the connection is cut under them, and not sent again', async () => {
    start()
    expect(await client.call('devices', {})).toMatchObject({ error: { code: 'busy' } })
    await flush()
    await core().welcome()
    const asked = client.call('devices', {})
    await flush()
    await core().cut()
    expect(await asked).toMatchObject({ error: { code: 'busy' } })
    await time.pass(200)
    await core().welcome()
    expect(core().sent('call')).toEqual([])
  })
})

describe('people', () => {
  const ana = { id: 'ana', name: 'Ana', role: 'cook' }

  async function signIn(roles: string[]): Promise<void> {
    const signed = client.call('signIn', { pin: '1111' })
    await flush()
    const i = core().sent('call').at(-1)?.i
    await core().send({ t: 'reply', i, ok: true, v: { ...ana, session: 'token', roles } })
    expect((await signed).ok).toBe(true)
  }

  test('stay signed in across a cut, and are gone after signing out', async () => {
    await online('kitchen')
    await signIn(['cook', 'cook'])
    expect(client.state).toMatchObject({ person: ana, roles: ['cook', 'cook'] })
    await core().cut()
    await time.pass(200)
    expect(core().frames[0]).toMatchObject({ t: 'hello', session: 'token' })
    await core().welcome({ person: ana, roles: ['cook', 'cook'] })
    const out = client.call('signOut', {})
    await flush()
    await core().send({ t: 'reply', i: core().sent('call').at(-1)?.i, ok: true, v: null })
    await out
    expect(client.state).toMatchObject({ person: null, roles: ['cook'] })
    await core().cut()
    await time.pass(200)
    expect(core().frames[0]).toMatchObject({ session: null })
  })

  test('whose session has ended at the core are not shown as signed in', async () => {
    await online()
    await signIn(['device', 'cook'])
    const asked = client.call('devices', {})
    await flush()
    const e = { code: 'signInNeeded', message: 'Sign in.' }
    await core().send({ t: 'reply', i: core().sent('call').at(-1)?.i, ok: false, e })
    expect(await asked).toMatchObject({ error: e })
    expect(client.state).toMatchObject({ person: null, roles: ['device'] })
  })

  test('whose session ends are told by their streams, which begin anew for whoever signs in next', async () => {
    await online()
    const stream = client.subscribe('tickets', { scope: 'open' })
    await flush()
    const i = core().sent('sub')[0]?.i
    const e = { code: 'signInNeeded', message: 'Sign in.' }
    await core().send({ t: 'end', i, e })
    await signIn(['device', 'server'])
    expect(core().sent('sub')).toMatchObject([{ i }, { i }])
    expect(stream.ended).toBeNull()
    await core().send({ t: 'snap', i, c: 'r.1', items: [['o1', { id: 'o1' }]] })
    await core().send({ t: 'end', i, e })
    expect(client.state).toMatchObject({ person: null, roles: ['device'] })
    expect([stream.ended, stream.entries.size]).toEqual([e, 0])
  })
})

describe('streams', () => {
  const subscribed = async () => {
    await online()
    const stream = client.subscribe('stock', {})
    const news: Changes<{ out: boolean }>[] = []
    stream.onChange((changes) => news.push(changes))
    await flush()
    return { stream, news, i: core().sent('sub')[0]?.i }
  }

  test('know nothing before the first snapshot, then follow', async () => {
    const { stream, news, i } = await subscribed()
    expect([stream.loaded, stream.entries.size]).toEqual([false, 0])
    await core().send({
      t: 'snap',
      i,
      c: 'r.1',
      items: [
        ['a', { out: true }],
        ['b', { out: false }],
      ],
    })
    await core().send({
      t: 'batch',
      i,
      c: 'r.2',
      in: [['c', { out: true }]],
      put: [['a', { out: false }]],
      out: ['b'],
    })
    expect(Object.fromEntries(stream.entries)).toEqual({ a: { out: false }, c: { out: true } })
    expect(news[1]).toEqual({
      reset: false,
      entered: [['c', { out: true }]],
      changed: [['a', { out: false }]],
      left: ['b'],
    })
  })

  test('keep their entries across a cut, resume from the cursor, and tell a reset exactly', async () => {
    const { stream, news, i } = await subscribed()
    await core().send({
      t: 'snap',
      i,
      c: 'r.1',
      items: [
        ['a', { out: true }],
        ['b', { out: false }],
      ],
    })
    await core().cut()
    await time.pass(200)
    expect(stream.entries.size).toBe(2)
    await core().welcome()
    expect(core().sent('sub')).toMatchObject([{ i, s: 'stock', since: 'r.1' }])
    await core().send({
      t: 'snap',
      i,
      c: 'q.1',
      items: [
        ['b', { out: true }],
        ['c', { out: true }],
      ],
    })
    expect(news.at(-1)).toEqual({
      reset: true,
      entered: [['c', { out: true }]],
      changed: [['b', { out: true }]],
      left: ['a'],
    })
  })

  test('give credit back as they read', async () => {
    const { i } = await subscribed()
    for (let turn = 0; turn < INITIAL_CREDITS; turn++)
      await core().send({ t: 'batch', i, c: `r.${turn}`, in: [], put: [], out: [] })
    expect(
      core()
        .sent('credit')
        .map((frame) => frame.n),
    ).toEqual([8, 8, 8, 8])
  })

  test('tell when the core ended them, hold nothing then, and start with the whole after that', async () => {
    const { stream, i } = await subscribed()
    await core().send({ t: 'snap', i, c: 'r.1', items: [['soup', { out: true }]] })
    const left: string[] = []
    stream.onChange((changes) => left.push(...changes.left))
    await core().send({ t: 'end', i, e: { code: 'notAllowed', message: 'No.' } })
    expect([stream.ended?.code, stream.loaded, stream.entries.size, left]).toEqual([
      'notAllowed',
      false,
      0,
      ['soup'],
    ])
    await core().cut()
    await time.pass(200)
    await core().welcome()
    expect(core().sent('sub')[0]).not.toHaveProperty('since')
    await core().send({ t: 'snap', i, c: 'r.2', items: [] })
    expect(stream.ended).toBeNull()
  })

  test('that nobody wants any more are left, and listeners can stop', async () => {
    const { stream, i } = await subscribed()
    let told = 0
    const stop = stream.onChange(() => told++)
    stop()
    stream.close()
    await flush()
    expect(core().sent('unsub')).toMatchObject([{ i }])
    await core().send({ t: 'snap', i, c: 'r.1', items: [] })
    expect([told, stream.loaded]).toEqual([0, false])
  })

  test('asked for before the connection are subscribed once it is there', async () => {
    start()
    client.subscribe('status', {})
    await flush()
    await core().welcome()
    expect(core().sent('sub')).toHaveLength(1)
  })
})

describe('closing', () => {
  test('ends the connection, leaves no timer, and answers whoever waits', async () => {
    await online()
    const waiting = [client.send('bumpTicket', bump), client.call('devices', {})]
    client.close()
    await flush()
    expect(core().closed()).toBe(true)
    expect(time.timers.size).toBe(0)
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ error: { code: 'busy' } })
    client.reconnect()
    expect(await client.send('bumpTicket', bump)).toMatchObject({
      error: { code: 'busy' },
    })
    expect(dials).toBe(1)
  })

  test('while still connecting closes what opens later', async () => {
    start()
    client.close()
    await flush()
    expect(core().closed()).toBe(true)
  })
})
