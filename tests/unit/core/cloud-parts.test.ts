/** @file Unit tests of the cloud's small parts by themselves: pauses, states in words, what is kept of a link, turns. */

import { afterEach, describe, expect, test } from 'vitest'
import { createChannel, type Host } from '../../../main/core/cloud/channel.ts'
import { failed, faultHere, type Trouble } from '../../../main/core/cloud/failures.ts'
import { fitting, MAX_BATCH_BYTES } from '../../../main/core/cloud/lanes.ts'
import { makeRoom, openLinks } from '../../../main/core/cloud/link.ts'
import { createPeople } from '../../../main/core/cloud/people.ts'
import { type Facts, needOf, notTaken, standOf } from '../../../main/core/cloud/status.ts'
import { createTurns } from '../../../main/core/cloud/turns.ts'
import type { CloudPerson, Secrets } from '../../../main/core/ports.ts'
import type { ParkedLane } from '../../../shared/contract/contract.ts'
import type { Envelope } from '../../../shared/domain/events.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { createWords } from '../../../shared/words/index.ts'
import { AWAY, createFakeCloud, memoryVault, PROJECT, said } from '../../support/cloud.ts'
import { quietLog } from '../../support/ports.ts'
import { endAll, evening, openPc, pass, virtualTime } from './cloud-kit.ts'
import { memoryStore } from './kit.ts'

/** A channel whose work answers what the test says, and a list of the pauses it asked for. */
function rig(random = 1, every?: () => number) {
  const pauses: number[] = []
  let pending: (() => void) | null = null
  let answer: Trouble | null | Error = null
  let runs = 0
  const host: Host = {
    now: () => 0,
    tick: () => 0,
    id: () => '',
    random: () => random,
    after(ms, task) {
      pauses.push(ms)
      pending = task
      return () => {
        pending = null
      }
    },
  }
  const channel = createChannel({
    name: 'test',
    host,
    log: quietLog,
    done: () => undefined,
    ...(every && { every }),
    async work() {
      runs++
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  }
  return {
    channel,
    pauses,
    runs: () => runs,
    answers: (next: Trouble | null | Error) => {
      answer = next
    },
    settle,
    async elapse() {
      const task = pending
      pending = null
      task?.()
      await settle()
    },
    waiting: () => pending !== null,
  }
}

describe('a channel', () => {
  test('waits twice as long after each failure, up to half a minute, and begins anew after a success', async () => {
    const one = rig()
    one.answers(AWAY)
    one.channel.request()
    await one.settle()
    for (let turn = 0; turn < 8; turn++) await one.elapse()
    expect(one.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    one.answers(null)
    await one.elapse()
    expect([one.channel.trouble, one.waiting()]).toEqual([null, false])
    one.answers(AWAY)
    one.channel.request()
    await one.settle()
    expect(one.pauses.at(-1)).toBe(500)
  })

  test('any part of the pause may be waited, and never less than the server asks for', async () => {
    const one = rig(0.25)
    one.answers(AWAY)
    one.channel.request()
    await one.settle()
    one.answers({ code: 'busy', says: said('Wait.'), retryAfterMs: 10_000 })
    await one.elapse()
    expect(one.pauses).toEqual([125, 10_125])
    one.channel.hurry()
    one.channel.request()
    await one.settle()
    expect(one.runs()).toBe(2)
  })

  test('does not work while it waits, unless it is told to hurry', async () => {
    const one = rig()
    one.answers(AWAY)
    one.channel.request()
    one.channel.request()
    await one.settle()
    one.channel.request()
    await one.settle()
    expect(one.runs()).toBe(1)
    one.channel.hurry()
    await one.settle()
    expect([one.runs(), one.pauses]).toEqual([2, [500, 500]])
  })

  test('looks steadily while a manager keeps it out', async () => {
    const one = rig(0)
    one.answers({ code: 'revoked', says: said('Out.') })
    one.channel.request()
    await one.settle()
    await one.elapse()
    expect(one.pauses).toEqual([30_000, 30_000])
  })

  test('works again for what was asked meanwhile, and by itself when it has a rhythm', async () => {
    const one = rig(0, () => 5_000)
    one.channel.request()
    one.channel.request()
    one.channel.request()
    await one.settle()
    expect([one.runs(), one.pauses]).toEqual([2, [5_000]])
    one.channel.request()
    await one.settle()
    expect(one.runs()).toBe(3)
    one.channel.close()
    one.channel.request()
    await one.settle()
    expect([one.runs(), one.waiting()]).toEqual([3, false])
  })

  test('takes a fault for trouble of this PC, and a closed one says nothing any more', async () => {
    const one = rig()
    one.answers(new Error('The database does not answer.'))
    one.channel.request()
    await one.settle()
    expect(one.channel.trouble).toEqual({
      code: 'here',
      says: say('cloud.fault', { text: 'The database does not answer.' }),
      detail: 'The database does not answer.',
    })
    one.channel.hurry()
    one.channel.close()
    await one.settle()
    expect(one.waiting()).toBe(false)
  })
})

test('a request holds as many events and bytes as it may, and a single one whatever its size', () => {
  const row = (seq: number, text: string) => ({
    seq,
    event: { data: text } as unknown as Envelope,
    source: null,
  })
  const rows = (count: number, text: string) => Array.from({ length: count }, (_, seq) => row(seq, text))
  const room = { events: 200, bytes: MAX_BATCH_BYTES }
  expect(fitting(rows(300, ''), room)).toHaveLength(200)
  expect(fitting(rows(3, ''), room)).toHaveLength(3)
  // Three bytes a character: 100 kB each.
  expect(fitting(rows(10, '少'.repeat(33_000)), room)).toHaveLength(4)
  expect(fitting(rows(10, 'x'.repeat(500_000)), room)).toHaveLength(1)
})

test('turns come one after the other, also after one that fails', async () => {
  const turns = createTurns()
  const order: number[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = turns(() => promise.then(() => void order.push(1)))
  const second = turns(async () => {
    order.push(2)
    throw new Error('no')
  })
  const third = turns(async () => order.push(3))
  resolve()
  await first
  await expect(second).rejects.toThrow('no')
  await third
  expect(order).toEqual([1, 2, 3])
})

describe('the state', () => {
  const facts: Facts = {
    name: 'Trattoria',
    locked: null,
    troubles: [null, null, null],
    live: true,
    currentAt: 1,
    confirmed: true,
    behind: 0,
    outbox: 0,
    parked: [],
  }
  const full: Trouble = { code: 'here', says: said('Full.') }
  const wrong: Trouble = { code: 'wrongKey', says: said('Key.') }
  test.each<[string, Partial<Facts>, boolean, string, Message | null]>([
    ['all is well', {}, false, 'live', null],
    ['the channel is down', { live: false }, false, 'polling', null],
    ['nothing was confirmed yet', { confirmed: false }, false, 'catchingUp', null],
    ['it is behind for a while', {}, true, 'catchingUp', null],
    ['it is away', { troubles: [null, AWAY, null] }, true, 'away', AWAY.says],
    ['it is refused and away', { troubles: [AWAY, null, wrong] }, false, 'refused', wrong.says],
    [
      'it is locked, whatever else',
      { locked: said('Out.'), troubles: [wrong, AWAY, null] },
      false,
      'locked',
      said('Out.'),
    ],
    ['the disk is full', { troubles: [null, full, null] }, true, 'catchingUp', full.says],
    ['only the outbox has trouble here', { troubles: [null, null, full] }, false, 'live', full.says],
  ])('when %s', (_when, change, late, state, says) => {
    expect(standOf({ ...facts, ...change }, late)).toEqual({ state, says })
  })

  test('asks for a key before a code, and for nothing when waiting helps', () => {
    const over: Trouble = { code: 'signedOut', says: said('Over.') }
    expect(needOf({ troubles: [AWAY, full, null] })).toBeNull()
    expect(needOf({ troubles: [null, over, AWAY] })).toBe('code')
    expect(needOf({ troubles: [over, null, wrong] })).toBe('key')
  })

  test('names few tickets and counts the others', () => {
    const lane = { lane: 'x', order: 'x', code: 'invalid', says: said('Why.'), since: 0, events: 1 }
    const many = Array.from({ length: 7 }, (_, index) => ({ ...lane, number: String(index + 1) }))
    const things = ['1', '2', '3', '4', '5'].map((number) => say('cloud.ticket', { number }))
    const [reason, todo] = [said('Why.'), say('cloud.managerDecides')]
    expect(notTaken(many)).toEqual(say('cloud.notTakenAndMore', { things, count: 2, reason, todo }))
    expect(notTaken(many.slice(0, 5))).toEqual(say('cloud.notTaken', { things, reason, todo }))
    expect(createWords().say(notTaken(many))).toBe(
      'The cloud did not take ticket 1, ticket 2, ticket 3, ticket 4, ticket 5 and 2 more: Why. A manager decides at Manager → Cloud whether to send again or to give up.',
    )
    const one = (more: Partial<ParkedLane>) => notTaken([{ ...lane, number: null, ...more }]).params?.things
    expect(one({})).toEqual([say('cloud.order')])
    expect(one({ lane: 'document.published', order: null })).toEqual([say('cloud.documentChange')])
    expect(one({ lane: 'stock.set', order: null })).toEqual([say('cloud.stockChange')])
    expect(one({ lane: 'other.kind', order: null })).toEqual([
      say('cloud.otherChange', { kind: 'other.kind' }),
    ])
  })

  test('says that what was refused as a whole is sent again by itself', () => {
    const lane = { lane: 'x', order: 'x', number: '1', says: said('Why.'), since: 0, events: 1 }
    expect(notTaken([{ ...lane, code: 'refused' }]).params).toMatchObject({ todo: say('cloud.sendsAgain') })
    expect(
      notTaken([
        { ...lane, code: 'refused' },
        { ...lane, code: 'invalid' },
      ]).params,
    ).toMatchObject({
      todo: say('cloud.managerDecides'),
    })
  })
})

test.each([
  ['away', 'cloudAway'],
  ['busy', 'cloudAway'],
  ['revoked', 'deviceLocked'],
  ['signedOut', 'notPaired'],
  ['wrongKey', 'wrongKey'],
  ['noSchema', 'noSchema'],
  ['wrongLogin', 'wrongLogin'],
  ['wrongCode', 'wrongCode'],
  ['notAllowed', 'notAllowed'],
  ['refused', 'invalid'],
] as const)('%s of the cloud is %s for screens, in the words of the cloud', (code, known) => {
  const { error } = failed({ code, says: said('Why.') })
  expect(error.code).toBe(known)
  expect(createWords().failure(error)).toBe('Why.')
})

test('what the store says of itself is said, instead of what was thrown', () => {
  const says = said('The disk is full.')
  expect(faultHere(Object.assign(new Error('SQLITE_FULL'), { says }))).toEqual({
    code: 'here',
    says,
    detail: 'SQLITE_FULL',
  })
})

describe('people', () => {
  test('who cannot be signed out holds nobody up', async () => {
    const timers = new Map<number, () => void>()
    const after = (ms: number, task: () => void) => {
      timers.set(ms, task)
      return () => void timers.delete(ms)
    }
    const host = { after } as unknown as Host
    const people = createPeople(host, { token: () => 'token' } as Secrets, quietLog)
    const end = () => new Promise<void>(() => {})
    people.add({ person: { end } as CloudPerson, project: PROJECT, email: 'x', restaurants: new Set() })
    const closed = people.close()
    expect(people.find('token')).toBeNull()
    expect([...timers.keys()]).toEqual([2_000])
    timers.get(2_000)?.()
    await closed
    expect(timers.size).toBe(0)
  })
})

describe('the link', () => {
  const link = createFakeCloud().restaurant().link('main')

  test.each(['', 'null', '[]', '{"url":1}', JSON.stringify({ ...link, since: 'x' })])(
    'that cannot be read (%s) counts as none, and is told',
    async (text) => {
      const vault = memoryVault()
      vault.kept.set('cloud-link', text)
      const links = await openLinks(vault, quietLog)
      expect([links.get(), links.unreadable]).toEqual([null, true])
    },
  )

  test('that the vault cannot read counts as none, and is told', async () => {
    const read = () => Promise.reject(new Error('the keychain is locked'))
    const links = await openLinks({ ...memoryVault(), read }, quietLog)
    expect([links.get(), links.unreadable]).toEqual([null, true])
  })

  test.each([
    ['as a sentence of version 0.1', 'Farah removed it.', said('Farah removed it.')],
    ['as it is kept', said('Out.'), said('Out.')],
    ['not at all', null, null],
    ['as something else', { who: 'Farah' }, null],
  ])('says who removed this PC: %s', async (_how, kept, locked) => {
    const vault = memoryVault()
    vault.kept.set('cloud-link', JSON.stringify({ ...link, fresh: false, current: true, locked: kept }))
    expect((await openLinks(vault, quietLog)).get()).toMatchObject({ locked })
  })

  test('is kept as it stands, and changes that cannot be kept are remembered until the restart', async () => {
    const vault = memoryVault()
    const links = await openLinks(vault, quietLog)
    expect([links.get(), links.unreadable]).toEqual([null, false])
    await links.update({ current: true })
    const record = { ...link, fresh: false, current: false, locked: null }
    await links.set(record)
    expect((await openLinks(vault, quietLog)).get()).toEqual(record)
    vault.broken = new Error('no keychain')
    await links.update({ current: true })
    expect(links.get()).toEqual({ ...record, current: true })
    await expect(links.set(null)).rejects.toThrow('no keychain')
    expect(links.get()).not.toBeNull()
  })

  test('makes room once, whenever the power goes', async () => {
    const vault = memoryVault()
    const store = memoryStore()
    const done: string[] = []
    const { setAside } = store
    store.setAside = async () => {
      done.push('aside')
      return setAside()
    }
    const record = { ...link, fresh: true, current: false, locked: null }
    await vault.write('cloud-link', JSON.stringify(record))
    // Cut after the move, before the mark is gone: nothing was opened, so the move finds nothing the second time.
    vault.broken = new Error('cut')
    await expect(makeRoom(await openLinks(vault, quietLog), store, quietLog)).rejects.toThrow('cut')
    vault.broken = null
    await makeRoom(await openLinks(vault, quietLog), store, quietLog)
    await makeRoom(await openLinks(vault, quietLog), store, quietLog)
    expect(done).toEqual(['aside', 'aside'])
    expect((await openLinks(vault, quietLog)).get()).toEqual({ ...record, fresh: false })
  })
})

describe('a core with such a link', () => {
  afterEach(endAll)

  test('that cannot be read works by itself and says so', async () => {
    virtualTime()
    const vault = memoryVault()
    vault.kept.set('cloud-link', '{')
    const pc = await openPc(createFakeCloud(), 'main', { vault })
    expect(pc.status()).toBeNull()
    expect(pc.alarms()).toContain('cloud.linkUnreadable')
    await pc.place()
  })

  test('to an earlier name learns the new one, and its letter', async () => {
    virtualTime()
    const { restaurant, pcs } = await evening('main', 'bar')
    const [, bar] = pcs
    restaurant.name = 'Osteria'
    Object.assign(restaurant.devices.get(bar.device) ?? {}, { letter: 'AZ' })
    await pass(7_000)
    expect(bar.status()).toMatchObject({ name: 'Osteria' })
    expect((await bar.place()).number).toBe('AZ1')
    await bar.restart()
    expect((await bar.place()).number).toBe('AZ2')
    expect((await bar.info()).link).toMatchObject({ name: 'Osteria', letter: 'AZ' })
  })
})
