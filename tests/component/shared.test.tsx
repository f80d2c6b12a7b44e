/** @file What all pages share: transports, waking up, refusals, sounds, recovery from a bug, theme. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { legendOf } from '../../renderer/kitchen/legends.ts'
import { Guard } from '../../renderer/shared/components/guard.tsx'
import { Refused } from '../../renderer/shared/components/refused.tsx'
import { openClient, watchWake } from '../../renderer/shared/connect.ts'
import { age, clock, plural } from '../../renderer/shared/format.ts'
import { ClientContext } from '../../renderer/shared/hooks.ts'
import { openSocket } from '../../renderer/shared/socket-port.ts'
import { createSounds } from '../../renderer/shared/sound.ts'
import { applyTheme } from '../../renderer/shared/theme.ts'
import { type Failure, failure } from '../../shared/domain/errors.ts'
import { pass, stopTime } from './clock.ts'
import { createFakeCore, type FakeCore } from './fake-core.ts'
import { closeAll, show } from './show.tsx'

let core: FakeCore

beforeEach(() => {
  stopTime()
  sessionStorage.clear()
  core = createFakeCore()
})
afterEach(() => {
  closeAll(core)
  vi.useRealTimers()
})

class FakeSocket {
  static readonly OPEN = 1
  static last: FakeSocket
  readyState = 0
  sent: string[] = []
  onopen: () => void = () => {}
  onclose: () => void = () => {}
  onmessage: (event: { data: string }) => void = () => {}
  constructor() {
    FakeSocket.last = this
  }
  send(frame: string) {
    this.sent.push(frame)
  }
  close() {
    this.readyState = 3
  }
}
const Socket = FakeSocket as unknown as typeof WebSocket

describe('socket', () => {
  test('keeps early frames, and tells its end at once and once', async () => {
    const opening = openSocket('ws://x/ws', Socket)
    const socket = FakeSocket.last
    socket.readyState = 1
    socket.onopen()
    const port = await opening
    socket.onmessage({ data: 'a' })
    const heard: string[] = []
    const closed = vi.fn()
    port.onMessage((frame) => heard.push(frame))
    port.onClose(closed)
    socket.onmessage({ data: 'b' })
    port.send('c')
    port.close()
    socket.onclose()
    socket.onmessage({ data: 'd' })
    port.send('e')
    expect(heard).toEqual(['a', 'b'])
    expect(socket.sent).toEqual(['c'])
    expect(closed).toHaveBeenCalledTimes(1)
    const late = vi.fn()
    port.onClose(late)
    expect(late).toHaveBeenCalled()
  })

  test('rejects when it never opened', async () => {
    const opening = openSocket('ws://x/ws', Socket)
    FakeSocket.last.onclose()
    await expect(opening).rejects.toThrow()
  })
})

test('a window of Plate talks over its bridge, and wakes up with the machine', async () => {
  const sent: string[] = []
  const plate = {
    connect: () => ({ send: (frame: string) => sent.push(frame), onMessage() {}, onClose() {}, close() {} }),
  }
  Object.assign(globalThis, { plate })
  const client = openClient('kitchen', 'grill')
  await pass(10)
  expect(JSON.parse(sent[0] ?? '{}')).toMatchObject({ t: 'hello', kind: 'kitchen', station: 'grill' })
  dispatchEvent(new Event('online'))
  await pass(10)
  expect(sent).toHaveLength(2)
  vi.setSystemTime(Date.now() + 60_000)
  await pass(6_000)
  expect(sent.length).toBeGreaterThan(2)
  expect(client.newId()).toMatch(/^[0-9a-f-]{36}$/)
  client.close()
  Object.assign(globalThis, { plate: undefined })
})

test('a fresh connection is left alone when the screen wakes', async () => {
  const client = core.client('kitchen')
  await pass(10)
  const reconnect = vi.fn()
  const stop = watchWake({ state: client.state, reconnect } as unknown as typeof client)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(reconnect).not.toHaveBeenCalled()
  stop()
  client.close()
})

describe('refusals', () => {
  const refused = async (why: Failure) => {
    const go = { assign: vi.fn(), reload: vi.fn() }
    const client = core.client('kitchen')
    await render(
      <ClientContext value={client}>
        <Refused failure={why} go={go as unknown as Location} />
      </ClientContext>,
    )
    return { go, client }
  }

  test('a browser that is not paired goes to pairing', async () => {
    const { go, client } = await refused(failure('notPaired', { why: 'screen' }))
    await expect.element(page.getByText('This screen is not paired')).toBeVisible()
    expect(go.assign).toHaveBeenCalledWith('/join/')
    client.close()
  })

  test('another version reloads once by itself, then says what to do', async () => {
    const newer = failure('versionMismatch', { theirs: 7, ours: 8 })
    const first = await refused(newer)
    expect(first.go.reload).toHaveBeenCalledTimes(1)
    const { go, client } = await refused(newer)
    await expect
      .element(page.getByText('This screen speaks version 7, Plate speaks 8. Reload or update it.').last())
      .toBeVisible()
    expect(go.reload).not.toHaveBeenCalled()
    await page.getByRole('button', { name: 'Reload' }).last().click()
    expect(go.reload).toHaveBeenCalledTimes(1)
    first.client.close()
    client.close()
  })

  test('a revoked screen says so on the whole page, and tries again when asked', async () => {
    await show(core, 'kitchen', <p>board</p>)
    await expect.element(page.getByText('board')).toBeVisible()
    core.bye(failure('revoked', { why: 'device' }))
    await expect.element(page.getByText('This screen was removed')).toBeVisible()
    await expect.element(page.getByText(/A manager has removed this device\./)).toBeVisible()
    await expect.element(page.getByRole('link', { name: 'Pair this screen' })).toBeVisible()
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(page.getByText('board')).toBeVisible()
  })
})

function Broken(): never {
  throw new Error('bug')
}

test('a bug in a page is told, and the page starts again by itself', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const reload = vi.fn()
  await render(
    <Guard reload={reload}>
      <Broken />
    </Guard>,
  )
  await expect.element(page.getByText('This screen hit a problem')).toBeVisible()
  await page.getByRole('button', { name: 'Start again now' }).click()
  await pass(10_100)
  expect(reload).toHaveBeenCalledTimes(2)
})

describe('sounds', () => {
  function fakeAudio() {
    const started: number[] = []
    const node = () => ({
      connect: (next: unknown) => next,
      start: (at: number) => started.push(at),
      stop() {},
      type: '',
      frequency: { value: 0 },
      gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} },
    })
    const audio = {
      state: 'suspended',
      currentTime: 0,
      destination: {},
      addEventListener() {},
      createOscillator: node,
      createGain: node,
      async resume() {
        audio.state = 'running'
      },
    }
    return { audio, started }
  }

  test('locked until enabled, then every chime has its own rhythm', async () => {
    const { audio, started } = fakeAudio()
    const sounds = createSounds(() => audio as unknown as AudioContext)
    const told = vi.fn()
    const stop = sounds.onState(told)
    sounds.play('new')
    expect([sounds.state, started.length]).toEqual(['locked', 0])
    await sounds.enable()
    expect([sounds.state, told.mock.calls.length]).toEqual(['on', 1])
    sounds.play('new')
    sounds.play('change')
    sounds.play('void')
    expect(started).toHaveLength(7)
    stop()
  })

  test('a machine without audio works without', async () => {
    const sounds = createSounds(() => {
      throw new Error('no device')
    })
    await sounds.enable()
    sounds.play('new')
    expect(sounds.state).toBe('missing')
  })
})

test('times, counts, theme and legend read as people mean them', () => {
  expect([age(-5), age(65_000), age(3_725_000)]).toEqual(['0:00', '1:05', '1:02:05'])
  expect(clock(0, 'Europe/Dublin')).toBe('01:00:00')
  expect(clock(0, 'Nowhere/Else')).toMatch(/^\d\d:\d\d:\d\d$/)
  expect([plural(1, 'ticket'), plural(2, 'dish', 'dishes')]).toEqual(['1 ticket', '2 dishes'])
  const root = document.createElement('html')
  applyTheme('?theme=dark', root)
  applyTheme('?theme=pink', root)
  expect(root.dataset.theme).toBe('dark')
  localStorage.clear()
  expect([legendOf(''), legendOf('?legend=B'), legendOf(''), legendOf('?legend=nonsense')]).toEqual([
    'D',
    'B',
    'B',
    'D',
  ])
})
