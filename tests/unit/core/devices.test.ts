/** @file Unit tests of the device registry: pairing codes, tokens, revocation, letters of peers. */
import { beforeEach, describe, expect, test } from 'vitest'
import { CODE_MS, createDevices, type Devices } from '../../../main/core/devices.ts'
import type { DeviceRecord } from '../../../main/core/ports.ts'
import { fail } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { quietLog } from '../../support/ports.ts'
import { quickSecrets, type TestClock, testClock } from './kit.ts'

let clock: TestClock
let saved: Map<string, DeviceRecord>
let full: Error | null
let letter: string
let devices: Devices

function open(known: readonly DeviceRecord[] = []): Devices {
  return createDevices(
    {
      store: {
        putDevice: async (device) => {
          if (full) throw full
          saved.set(device.id, device)
        },
      },
      secrets: quickSecrets,
      log: quietLog,
      now: clock.now,
      letter: () => letter,
      lan: () => ({ on: true, addresses: ['https://10.0.0.5:4681'], fingerprint: 'AB:CD' }),
      removed: (core) => core === 'removed',
      qr: (text) => `<svg>${text}</svg>`,
    },
    known,
  )
}

beforeEach(() => {
  clock = testClock()
  saved = new Map()
  full = null
  letter = ''
  devices = open()
})

const code = (outcome: { ok: boolean }) => (outcome as { error?: { code: string } }).error?.code ?? 'ok'
const newCode = (kind: 'kitchen' | 'peer' = 'kitchen') => devices.createPairing(kind, 'Grill 1', null).code

async function paired(kind: 'kitchen' | 'peer' = 'kitchen', self?: { device: string; name: string }) {
  const redeemed = await devices.redeem(newCode(kind), '10.0.0.9', self)
  if (!redeemed.ok) throw new Error(JSON.stringify(redeemed.error))
  return redeemed.value
}

describe('pairing codes', () => {
  test('name address, code and fingerprint', () => {
    const pairing = devices.createPairing('kitchen', 'Grill', 'grill')
    expect(pairing.code).toMatch(/^\d{8}$/)
    expect(pairing).toMatchObject({ expiresAt: clock.now() + CODE_MS, fingerprint: 'AB:CD' })
    expect(pairing.qr).toContain(`https://10.0.0.5:4681/join/?code=${pairing.code}#AB:CD`)
  })

  test('work once and for ten minutes', async () => {
    const once = newCode()
    expect(code(await devices.redeem(once, 'a'))).toBe('ok')
    expect(code(await devices.redeem(once, 'a'))).toBe('wrongCode')
    const late = newCode()
    clock.pass(CODE_MS)
    expect(code(await devices.redeem(late, 'b'))).toBe('wrongCode')
  })

  test('two who redeem one code at the same time: one gets it', async () => {
    const one = newCode()
    const answers = await Promise.all([devices.redeem(one, 'a'), devices.redeem(one, 'b')])
    expect(answers.map(code).sort()).toEqual(['ok', 'wrongCode'])
  })

  test('of screens are not for peers, nor the other way round', async () => {
    expect(code(await devices.redeem(newCode('kitchen'), 'a', { device: 'core-2', name: 'Bar PC' }))).toBe(
      'wrongCode',
    )
    expect(code(await devices.redeem(newCode('peer'), 'a'))).toBe('wrongCode')
  })

  test('are not for a PC that was removed in the cloud, and stay good for others', async () => {
    const offer = newCode('peer')
    expect(code(await devices.redeem(offer, 'a', { device: 'removed', name: 'Bar PC' }))).toBe('revoked')
    expect(code(await devices.redeem(offer, 'a', { device: 'core-2', name: 'Bar PC' }))).toBe('ok')
  })

  test('five wrong ones lock an address for a minute', async () => {
    for (let turn = 0; turn < 5; turn++) expect(code(await devices.redeem('0', 'a'))).toBe('wrongCode')
    const good = newCode()
    expect(code(await devices.redeem(good, 'a'))).toBe('lockedOut')
    expect(code(await devices.redeem(good, 'b'))).toBe('ok')
    clock.pass(60_001)
    expect(code(await devices.redeem(newCode(), 'a'))).toBe('ok')
  })

  test('many wrong ones from everywhere withdraw all open codes', async () => {
    const good = newCode()
    for (let turn = 0; turn < 25; turn++) await devices.redeem('0', `address ${turn}`)
    expect(code(await devices.redeem(good, 'z'))).toBe('wrongCode')
    clock.pass(60_001)
    expect(code(await devices.redeem(newCode(), 'z'))).toBe('ok')
  })

  test('a store that takes nothing leaves the code usable and nobody paired', async () => {
    const one = newCode()
    full = new Error('full')
    await expect(devices.redeem(one, 'a')).rejects.toThrow('full')
    expect(devices.list()).toEqual([])
    const says = say('store.full', { folder: '/data' })
    full = Object.assign(new Error('full'), { code: 'storeFull', says })
    expect(await devices.redeem(one, 'a')).toEqual(fail('storeFull', { message: says }))
    expect(devices.list()).toEqual([])
    full = null
    expect(code(await devices.redeem(one, 'a'))).toBe('ok')
  })
})

describe('devices', () => {
  test('are known by their token, kept as a hash, also after a restart, until revoked', async () => {
    const { token, device } = await paired()
    expect(devices.authenticate(token)).toMatchObject({ ok: true, value: { id: device.id } })
    expect(JSON.stringify([...saved.values()])).not.toContain(token)
    devices = open([...saved.values()])
    expect(devices.authenticate(token)).toMatchObject({ ok: true, value: { id: device.id } })
    for (const wrong of ['', 'x']) expect(code(devices.authenticate(wrong))).toBe('notPaired')
    expect(await devices.revoke(device.id)).toBe(true)
    expect(await devices.revoke('nobody')).toBe(false)
    expect(code(devices.authenticate(token))).toBe('revoked')
    expect(saved.get(device.id)?.revokedAt).toBe(clock.now())
  })

  test('note when they were here and what they run', async () => {
    const { device } = await paired()
    clock.pass(5)
    devices.seen(device.id, '1.2.3')
    devices.seen('local', '1.2.3')
    expect(devices.find(device.id)).toMatchObject({ lastSeen: clock.now(), version: '1.2.3' })
    full = new Error('full')
    devices.seen(device.id, '1.2.4')
    expect(devices.list()).toHaveLength(1)
  })
})

describe('letters of peers', () => {
  const join = async (device: string) => (await paired('peer', { device, name: device })).letter

  test('differ, and one that joins again keeps its own with a new token', async () => {
    expect([await join('p1'), await join('p2')]).toEqual(['B', 'C'])
    const first = await paired('peer', { device: 'p1', name: 'p1' })
    const second = await paired('peer', { device: 'p1', name: 'p1' })
    expect([first.letter, second.letter, await join('p3')]).toEqual(['B', 'B', 'D'])
    expect(code(devices.authenticate(first.token))).toBe('notPaired')
    expect(devices.authenticate(second.token)).toMatchObject({ ok: true, value: { id: 'p1' } })
    devices = open([...saved.values()])
    expect(await join('p4')).toBe('E')
  })

  test('of a core that has joined another itself begin with its own', async () => {
    letter = 'C'
    expect([await join('p1'), await join('p2')]).toEqual(['CB', 'CC'])
  })

  test('never run out nor repeat', async () => {
    const letters: string[] = []
    for (let turn = 0; turn < 60; turn++) letters.push(await join(`p${turn}`))
    expect(new Set(letters).size).toBe(60)
    expect([letters[23], letters[24], letters[48]]).toEqual(['Y', 'ZB', 'ZZB'])
  })
})
