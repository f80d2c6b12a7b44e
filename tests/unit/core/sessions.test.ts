/** @file Unit tests of sessions: lock-out with doubling, per device, tries at once, leaving staff, the end of a shift. */
import { beforeEach, describe, expect, test } from 'vitest'
import { createSessions, type Sessions } from '../../../main/core/sessions.ts'
import type { Staff } from '../../../shared/domain/documents.ts'
import { fail } from '../../../shared/domain/errors.ts'
import { quickSecrets, type TestClock, testClock } from './kit.ts'

const pinHash = (pin: string) => quickSecrets.hashPin(pin, 'aa')
let staff: Staff
let clock: TestClock
let sessions: Sessions

beforeEach(async () => {
  clock = testClock()
  const member = async (id: string, pin: string, active = true) => ({
    id,
    name: id,
    role: 'server' as const,
    active,
    pinHash: await pinHash(pin),
  })
  staff = {
    salt: 'aa',
    members: [
      await member('ana', '1111'),
      await member('ben', '2222'),
      await member('cy', '2222'),
      await member('dee', '3333', false),
    ],
  }
  sessions = createSessions(clock.now, quickSecrets, () => staff)
})

async function codeOf(device: string, pin: string): Promise<string> {
  const signed = await sessions.signIn(device, pin)
  return signed.ok ? signed.value.person.id : signed.error.code
}
async function wrong(device: string, times: number): Promise<string[]> {
  const codes: string[] = []
  for (let turn = 0; turn < times; turn++) codes.push(await codeOf(device, '9999'))
  return codes
}

describe('signing in', () => {
  test('finds the person of a PIN, on that device only', async () => {
    const signed = await sessions.signIn('tablet', '1111')
    const token = signed.ok ? signed.value.token : ''
    expect(sessions.person('tablet', token)).toEqual({ id: 'ana', name: 'ana', role: 'server' })
    expect([
      sessions.person('other', token),
      sessions.person('tablet', null),
      sessions.person('tablet', 'x'),
    ]).toEqual([null, null, null])
    sessions.signOut(token)
    sessions.signOut(null)
    expect(sessions.person('tablet', token)).toBeNull()
  })

  test('two people with one PIN, and people who have left, are not found', async () => {
    expect([await codeOf('a', '2222'), await codeOf('a', '3333')]).toEqual(['wrongPin', 'wrongPin'])
  })

  test('who leaves the staff is signed out at once', async () => {
    const signed = await sessions.signIn('tablet', '1111')
    staff = { ...staff, members: staff.members.map((member) => ({ ...member, active: false })) }
    expect(sessions.person('tablet', signed.ok ? signed.value.token : '')).toBeNull()
  })

  test('a session ends with the shift', async () => {
    const signed = await sessions.signIn('tablet', '1111')
    const token = signed.ok ? signed.value.token : ''
    clock.pass(14 * 3_600_000)
    expect(sessions.person('tablet', token)?.id).toBe('ana')
    clock.pass(1)
    expect(sessions.person('tablet', token)).toBeNull()
    expect(await codeOf('tablet', '1111')).toBe('ana')
  })
})

describe('wrong PINs', () => {
  test('lock the device for a minute, then for two, four … at most a quarter of an hour', async () => {
    for (const minutes of [1, 2, 4, 8, 15, 15]) {
      expect(await wrong('tablet', 5)).toEqual(['wrongPin', 'wrongPin', 'wrongPin', 'wrongPin', 'lockedOut'])
      clock.pass(minutes * 60_000 - 1)
      expect(await codeOf('tablet', '1111')).toBe('lockedOut')
      clock.pass(1)
    }
    expect(await codeOf('tablet', '1111')).toBe('ana')
    expect((await wrong('tablet', 5)).at(-1)).toBe('lockedOut')
    clock.pass(60_000)
    expect(await codeOf('tablet', '1111')).toBe('ana')
  })

  test('are counted per device', async () => {
    await wrong('tablet', 5)
    expect(await codeOf('other', '1111')).toBe('ana')
  })

  test('say how long to wait', async () => {
    await wrong('tablet', 5)
    clock.pass(18_000)
    expect(await sessions.signIn('tablet', '1111')).toEqual(fail('lockedOut', { why: 'pins', seconds: 42 }))
  })

  test('sent all at once are counted one by one: the right one behind them comes too late', async () => {
    const all = [...Array(20).fill('9999'), '1111'].map((pin) => codeOf('tablet', pin))
    const codes = await Promise.all(all)
    expect(codes.filter((code) => code === 'wrongPin')).toHaveLength(4)
    expect(codes.at(-1)).toBe('lockedOut')
    clock.pass(60_000)
    expect(await codeOf('tablet', '1111')).toBe('ana')
  })

  test('a hash that fails once does not block the device', async () => {
    let faults = 1
    const hashPin = async (pin: string, salt: string) => {
      if (faults-- > 0) throw new Error('no memory')
      return quickSecrets.hashPin(pin, salt)
    }
    sessions = createSessions(clock.now, { ...quickSecrets, hashPin }, () => staff)
    await expect(sessions.signIn('tablet', '1111')).rejects.toThrow('no memory')
    expect(await codeOf('tablet', '1111')).toBe('ana')
  })
})
