/** @file The device's session on a real backend: renewed before it ends, through outages, and gone when it is gone; nothing is left at the end. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createSupabaseCloud } from '../../main/adapters/supabase/index.ts'
import type { Clock } from '../../main/core/ports.ts'
import { machineClock } from '../support/ports.ts'
import { slowness, within } from '../support/progress.ts'
import { append, type Device, goLive, joinDevice, someEvents } from './lib/adapter.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'

const session = (device: Device): { access: string; refresh: string } =>
  JSON.parse(device.vault.kept.get('supabase-session') ?? '{}')
const pull = (device: Device) => device.connection.pull({ after: 0, limit: 10, core: device.core })

/** How long a token lasts: a few seconds, in which this machine still does what has to be done with it. */
const TOKEN_S = Math.ceil(2 + slowness())

describe('a token of seconds', needs('faults'), () => {
  let backend: TestBackend
  let restaurant: string
  let device: Device
  beforeAll(async () => {
    backend = await openBackend({ jwtExpiry: TOKEN_S })
  })
  afterAll(() => backend.close())
  afterEach(async () => {
    Object.assign(backend.faults, { answer: null, dropAnswer: null, delayMs: 0 })
    await device.connection.close()
  })
  const join = async () => {
    restaurant = await backend.restaurant()
    device = await joinDevice(backend, restaurant)
  }
  /** Resolves once the vault holds another session than `old`. */
  const renewed = (old: string) => expect.poll(() => session(device).access).not.toBe(old)

  test('calls and channel go on across several renewals', async () => {
    await join()
    const sender = await joinDevice(backend, restaurant)
    await goLive(device)
    for (let i = 1; i <= 3; i++) {
      const before = session(device).access
      await pull(device)
      await renewed(before)
      expect(await pull(device)).toMatchObject({ ok: true })
      await append(sender, someEvents(sender, 1))
      await device.heard.until(({ hints }) => hints.length >= i)
    }
    expect(device.heard.live).not.toContain(false)
    await sender.connection.close()
  })

  test('many calls at once renew it once', async () => {
    await join()
    let renewals = 0
    backend.faults.answer = (path) => {
      if (path.endsWith('/token')) renewals += 1
      return null
    }
    // A PC that slept: the token ended meanwhile by its clock.
    const late: Clock = { ...machineClock, now: () => Date.now() + 60_000 }
    const cloud = createSupabaseCloud({ vault: device.vault, log: device.log, clock: late })
    const connection = cloud.connect(device.link)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => connection.pull({ after: 0, limit: 1, core: 'x' })),
    )
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(renewals).toBe(1)
    await connection.close()
  })

  test('a clock that says the token is still good: the server’s word counts, once', async () => {
    await join()
    const before = session(device).access
    await expect.poll(() => expired(before)).toBe(true)
    let now = 0
    const stopped: Clock = { now: () => Date.now() - 3_600_000, monotonic: () => now++ }
    const connection = createSupabaseCloud({ vault: device.vault, log: device.log, clock: stopped }).connect(
      device.link,
    )
    expect(await connection.pull({ after: 0, limit: 1, core: 'x' })).toMatchObject({ ok: true })
    expect(session(device).access).not.toBe(before)
    await connection.close()
  })

  test('a channel whose token ends against expectation comes back with a new one', async () => {
    await join()
    const hour = 3_600_000
    const kept = { ...session(device), lifetime: hour, expiresAt: Date.now() + hour }
    await device.vault.write('supabase-session', JSON.stringify(kept))
    await goLive(device)
    await device.heard.until((heard) => !heard.isLive())
    await device.heard.until((heard) => heard.isLive())
    expect(session(device).access).not.toBe(kept.access)
  })

  test('an outage while it should be renewed is only an outage', async () => {
    await join()
    await pull(device)
    const before = session(device)
    backend.faults.answer = () => ({ status: 502 })
    await expect
      .poll(() => device.log.lines.some((line) => line.startsWith('cloud.session-not-renewed')))
      .toBe(true)
    expect(await pull(device)).toMatchObject({ ok: false, error: { code: 'away' } })
    expect(session(device)).toEqual(before)
    backend.faults.answer = null
    expect(await pull(device)).toMatchObject({ ok: true })
  })

  test('a renewal whose answer is lost is asked for again', async () => {
    await join()
    await pull(device)
    const before = session(device).access
    let lost = 0
    backend.faults.dropAnswer = (path) => path.endsWith('/token') && ++lost === 1
    await renewed(before)
    expect(lost).toBeGreaterThan(1)
    expect(await pull(device)).toMatchObject({ ok: true })
  })

  test('a vault that cannot be written for several renewals has the newest one soon after it can, also for a restart', async () => {
    await join()
    device.connection.listen(device.heard.listener)
    const { write } = device.vault
    let refused = 0
    device.vault.write = () => {
      refused += 1
      return Promise.reject(new Error('ENOSPC: no space left on device'))
    }
    let renewals = 0
    backend.faults.answer = (path) => {
      if (path.endsWith('/token')) renewals += 1
      return null
    }
    const before = session(device)
    await pull(device)
    await expect.poll(() => Math.min(renewals, refused)).toBeGreaterThan(3)
    expect(session(device)).toEqual(before)
    expect(device.heard.kept).toEqual([false])
    device.vault.write = write
    await device.heard.until(({ kept }) => kept.at(-1) === true)
    await device.connection.close()
    expect(session(device).refresh).not.toBe(before.refresh)
    const again = createSupabaseCloud({ vault: device.vault, log: device.log, clock: machineClock })
    const connection = again.connect(device.link)
    await expect.poll(() => expired(session(device).access)).toBe(true)
    expect(await connection.pull({ after: 0, limit: 1, core: 'x' })).toMatchObject({ ok: true })
    await connection.close()
  })

  test('a session that was ended at the server needs a new code, and no more tries', async () => {
    await join()
    await goLive(device)
    await backend.sql('delete from auth.sessions where user_id = $1', [device.link.device])
    await expect
      .poll(async () => pull(device))
      .toMatchObject({
        ok: false,
        error: { code: 'signedOut', says: { code: 'cloud.signedOut' } },
      })
    let asked = 0
    backend.faults.answer = () => {
      asked += 1
      return null
    }
    await pull(device)
    expect(asked).toBe(0)
  })

  const expired = async (access: string) => (await asAnybody(access)).status === 401

  function asAnybody(access: string) {
    return fetch(`${backend.url}/rest/v1/rpc/pull_events`, {
      method: 'POST',
      headers: {
        apikey: backend.publishableKey,
        authorization: `Bearer ${access}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ p_after: 0, p_limit: 1, p_core: 'x' }),
    })
  }
})

test('waking up renews a token that is about to end, and only such a one', needs('faults'), async () => {
  const backend = await openBackend()
  const { vault, log, link, ...device } = await joinDevice(backend, await backend.restaurant())
  let renewals = 0
  backend.faults.answer = (path) => {
    if (path.endsWith('/token')) renewals += 1
    return null
  }
  let asleep = 0
  const clock: Clock = { ...machineClock, now: () => Date.now() + asleep }
  const connection = createSupabaseCloud({ vault, log, clock }).connect(link)
  await connection.pull({ after: 0, limit: 1, core: 'x' })
  connection.wake()
  await connection.pull({ after: 0, limit: 1, core: 'x' })
  expect(renewals).toBe(0)
  // Good for 5 more minutes: for every call, but not for a channel that stays.
  asleep = 55 * 60_000
  connection.wake()
  await expect.poll(() => renewals).toBe(1)
  await connection.close()
  await device.connection.close()
  await backend.close()
})

describe('the end', () => {
  test('after closing, nothing holds the process', async () => {
    const backend = await openBackend()
    const device = await joinDevice(backend, await backend.restaurant())
    const program = fileURLToPath(new URL('./lib/adapter-exit.ts', import.meta.url))
    const input = JSON.stringify({ link: device.link, session: device.vault.kept.get('supabase-session') })
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end(input)
    const exit = once(child, 'exit')
    // It says nothing but that it has closed.
    await once(child.stdout, 'data')
    const [code] = await within(1_500, 'the end of the process', exit)
    expect(code).toBe(0)
    await backend.close()
  })

  test('no log line holds a token', async () => {
    const backend = await openBackend()
    const device = await joinDevice(backend, await backend.restaurant())
    await goLive(device)
    await device.connection.close()
    const text = device.log.lines.join('\n')
    for (const secret of [session(device).access, session(device).refresh, backend.publishableKey])
      expect(text).not.toContain(secret)
    await backend.close()
  })
})
