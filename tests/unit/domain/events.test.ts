/** @file Reading events: what is understood, what is kept for later, what is refused; and how single events merge. */
import { describe, expect, test } from 'vitest'
import { apply, emptyState, mergeOrder } from '../../../shared/domain/apply.ts'
import { canonical } from '../../../shared/domain/canonical.ts'
import { commandSchemas } from '../../../shared/domain/commands.ts'
import { type Failure, fail, ok, reasonOf } from '../../../shared/domain/errors.ts'
import { type PlateEvent, parseEvent, VERSIONS } from '../../../shared/domain/events.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Param } from '../../../shared/domain/messages/message.ts'
import { emptyOrder } from '../../../shared/domain/order.ts'
import { currentLine, taskOf } from '../../../shared/domain/portions.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { itemStatus, orderStatus } from '../../../shared/domain/status.ts'
import { words } from '../../support/words.ts'
import { BURGER, bodies, busy, NOON, ORDER, task } from './kit.ts'

const event = (kind: string, data: unknown, more: Record<string, unknown> = {}) => ({
  id: 'e1',
  v: 1,
  kind,
  order: kind === 'stock.set' || kind === 'document.published' ? null : ORDER,
  at: NOON,
  stamp: makeStamp(NOON, 0, 'd'),
  device: 'd',
  staff: null,
  command: 'c1',
  data,
  ...more,
})
const stock = { menuItem: 'pizza', out: true }

describe('parseEvent', () => {
  test('understands everything decide makes', () => {
    const kitchen = busy()
    for (const made of kitchen.log) {
      const read = parseEvent(JSON.parse(JSON.stringify(made)))
      expect(read).toEqual({ as: 'event', event: made, part: false, lacks: [] })
    }
  })

  test('keeps what a later version made, whatever it is', () => {
    const later = event('order.teleported', { to: 'mars' }, { v: 7 })
    expect(parseEvent(later)).toEqual({ as: 'raw', event: later, why: 'kind', lacks: [] })
    const shape = event('stock.set', 'new shape', { v: VERSIONS['stock.set'] + 1 })
    expect(parseEvent(shape)).toEqual({ as: 'raw', event: shape, why: 'version', lacks: [] })
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a text', '{}'],
    ['a list', []],
    ['an empty object', {}],
    ['version 0', event('stock.set', stock, { v: 0 })],
    ['a reserved word as order', event('order.cancelled', { reason: '' }, { order: '__proto__' })],
    ['a garbled stamp', event('stock.set', stock, { stamp: 'z'.repeat(30) })],
    ['a stamp beyond all time', event('stock.set', stock, { stamp: makeStamp(999_999_999_999_999, 0, 'd') })],
    ['a time that is no number', event('stock.set', stock, { at: Number.NaN })],
    ['needs that are no words', event('stock.set', stock, { needs: [5] })],
  ])('cannot even name %s', (_, raw) => {
    const read = parseEvent(raw)
    expect(read.as).toBe('garbage')
    expect(read.as === 'garbage' && read.why.length).toBeGreaterThan(0)
  })

  test.each<[string, unknown]>([
    ['a kind every object has', event('constructor', {})],
    ['a kind every object has, too', event('__proto__', {})],
    ['an unknown document', event('document.published', { name: 'recipes', version: 1, body: {} })],
  ])('keeps %s for a version that knows it', (_, raw) => {
    expect(parseEvent(raw)).toMatchObject({ as: 'raw', why: 'kind', event: raw })
  })

  test.each<[string, unknown]>([
    ['an order event without an order', event('order.cancelled', { reason: '' }, { order: null })],
    ['a house event with an order', event('stock.set', stock, { order: ORDER })],
    ['a reserved word as item', event('item.voided', { item: 'constructor', reason: '', notify: true })],
    [
      'a reserved word as task',
      event('tasks.moved', { moves: [{ item: 'i', task: 'toString', cycle: 0, rank: 1 }] }),
    ],
    ['a reserved word as station', event('changes.acknowledged', { station: '__proto__', seen: [] })],
    ['a reserved word as course', event('course.fired', { course: 'hasOwnProperty' })],
    ['a field too few', event('stock.set', { out: true })],
    [
      'a rank that does not exist',
      event('tasks.moved', { moves: [{ item: 'i', task: 't', cycle: 0, rank: 4 }] }),
    ],
    [
      'a fraction of a cycle',
      event('tasks.moved', { moves: [{ item: 'i', task: 't', cycle: 0.5, rank: 1 }] }),
    ],
    ['a quantity of nothing', event('item.changed', { item: 'i', fields: { quantity: 0 }, notify: true })],
    [
      'a document out of shape',
      event('document.published', { name: 'menu', version: 1, body: { items: 5 } }),
    ],
  ])('cannot read %s and keeps it raw', (_, raw) => {
    expect(parseEvent(raw)).toMatchObject({ as: 'raw', why: 'shape', event: raw })
  })

  test('an item without work, which would count as served unseen', () => {
    const added = busy().log.find(({ kind }) => kind === 'item.added')
    expect(parseEvent({ ...added, data: { ...(added?.data as object), tasks: [] } }).as).toBe('raw')
  })

  test('own keys named __proto__ change no prototype', () => {
    const raw = JSON.parse(
      JSON.stringify(event('stock.set', stock)).replace('"out"', '"__proto__":{"polluted":1},"out"'),
    )
    const read = parseEvent(raw)
    if (read.as === 'event') apply(emptyState(), read.event)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('a document that is fine', () => {
    const published = event('document.published', { name: 'menu', version: 3, body: bodies.menu })
    const read = parseEvent(published)
    const state = emptyState()
    if (read.as === 'event') apply(state, read.event)
    expect(state.documents.menu).toMatchObject({ version: 3, body: bodies.menu })
  })
})

describe('merging', () => {
  const at = (ms: number) => ({ at: NOON + ms, stamp: makeStamp(NOON + ms, 0, 'd') })
  const take = (...raw: ReturnType<typeof event>[]) => {
    const state = emptyState()
    for (const one of raw) {
      const read = parseEvent(one)
      if (read.as !== 'event') throw new Error(JSON.stringify(read))
      apply(state, read.event)
    }
    return state
  }

  test('news of an item waits for the item itself', () => {
    const order = take(
      event('item.changed', { item: 'i', fields: { quantity: 2 }, notify: true }),
    ).orders.get(ORDER)
    const item = order?.items.i
    expect(order && item && currentLine(order, item)).toBeUndefined()
    expect(order && orderStatus(order)).toBe('confirmed')
  })

  test('the newest document and the newest word on a dish win, however they arrive', () => {
    const doc = (version: number, ms: number, name: string) =>
      event('document.published', { name: 'settings', version, body: { ...bodies.settings, name } }, at(ms))
    for (const list of [[doc(2, 1, 'a'), doc(2, 2, 'b'), doc(1, 9, 'c')]]) {
      expect(take(...list).documents.settings.body.name).toBe('b')
      expect(take(...list.reverse()).documents.settings.body.name).toBe('b')
    }
    const words = [event('stock.set', stock, at(5)), event('stock.set', { ...stock, out: false }, at(6))]
    expect(take(...words).stock.get('pizza')?.out).toBe(false)
    expect(take(...words.reverse()).stock.get('pizza')?.out).toBe(false)
  })

  test('two writes with one stamp, as a cloned PC makes them, end the same either way', () => {
    const change = (note: string) => event('item.changed', { item: 'i', fields: { note }, notify: false })
    const [one, other] = [take(change('a'), change('b')), take(change('b'), change('a'))]
    expect(one.orders.get(ORDER)).toEqual(other.orders.get(ORDER))
    expect(one.orders.get(ORDER)?.items.i?.fields.note).toHaveLength(1)
  })

  test('a recall that says no portions takes back all that was pressed in the round before', () => {
    const move = (cycle: number, rank: number) =>
      event('tasks.moved', { moves: [{ item: 'i', task: 't', cycle, rank }] }, at(cycle * 10 + rank))
    const line = {
      menuItem: 'm',
      name: 'M',
      price: 1,
      quantity: 1,
      modifiers: [],
      seat: null,
      course: null,
      note: '',
    }
    const added = event('item.added', {
      item: 'i',
      line: { ...line, allergens: [], allergies: [] },
      tasks: [{ id: 't', station: 'grill', step: 1 }],
      held: false,
    })
    const order = take(added, move(1, 0), move(0, 3), move(0, 1)).orders.get(ORDER)
    const work = order?.items.i && taskOf(order, order.items.i, 't')
    expect(work).toMatchObject({ toMake: 1, started: undefined, ready: undefined, handedOut: undefined })
  })

  test('an event of a kind orders do not have changes nothing but the newest stamp', () => {
    const strange = event('stock.set', stock, { order: ORDER }) as unknown as PlateEvent
    expect(mergeOrder(undefined, strange)).toEqual({ ...emptyOrder(ORDER), top: strange.stamp })
    const none = { ...strange, kind: 'order.cancelled', order: null } as unknown as PlateEvent
    expect(apply(emptyState(), none).orders.size).toBe(0)
  })
})

test('one text for one value', () => {
  expect(canonical({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}')
})

test('outcomes name the field when there is one', () => {
  expect(fail('wrongPin')).toEqual({ ok: false, error: { code: 'wrongPin' } })
  expect(fail('invalid', { why: 'samePin' })).toEqual({
    ok: false,
    error: { code: 'invalid', params: { why: 'samePin' } },
  })
  expect(fail('soldOut', { dish: 'Bass' }, 'a')).toEqual({
    ok: false,
    error: { code: 'soldOut', params: { dish: 'Bass' }, at: 'a' },
  })
  expect(ok(5)).toEqual({ ok: true, value: 5 })
})

test('a failure inside a message is one itself, or the sentence of the Plate that it came from', () => {
  const { error } = fail('revoked', { why: 'device' })
  expect(reasonOf(error)).toEqual({ code: 'failures.revoked', params: { why: 'device' } })
  expect(reasonOf({ code: 'revoked', message: 'You are out.' } as Failure)).toBe('You are out.')
  expect(reasonOf(null)).toBeNull()
  const refuses = (because: Param) => words.say(say('alarms.peerRefuses', { pc: 'Bar', because }))
  expect(refuses('You are out.')).toBe('"Bar" refuses to exchange orders: You are out.')
  expect(refuses(null)).toBe('"Bar" refuses to exchange orders: It does not say why.')
})

describe('command arguments', () => {
  test.each<[string, keyof typeof commandSchemas, unknown]>([
    ['an upper-case UUID', 'serve', { order: ORDER.replace('7000', 'ABCD') }],
    ['a quantity of 0', 'changeItem', { order: ORDER, item: BURGER, quantity: 0 }],
    ['a quantity of 1000', 'changeItem', { order: ORDER, item: BURGER, quantity: 1000 }],
    ['no lines', 'addItems', { order: ORDER, items: [] }],
    ['a long note', 'changeOrder', { order: ORDER, note: 'x'.repeat(301) }],
    ['an unknown field', 'serve', { order: ORDER, extra: true }],
    ['a reserved word', 'bumpTicket', { order: ORDER, station: '__proto__' }],
  ])('refuse %s', (_, name, args) => expect(commandSchemas[name].safeParse(args).success).toBe(false))

  test('have sensible defaults', () => {
    const items = [{ id: BURGER, menuItem: 'burger', quantity: 1 }]
    expect(commandSchemas.placeOrder.parse({ order: ORDER, type: 'takeaway', items })).toMatchObject({
      table: null,
      priority: 'normal',
      items: [{ hold: false, modifiers: [], note: '', seat: null }],
    })
    expect(commandSchemas.startTask.parse(task(BURGER, 0))).toEqual({ ...task(BURGER, 0), saw: [] })
  })
})

test('an item’s status when it is served on one PC and moved to an unfired course on another', () => {
  const kitchen = busy()
  const stamp = makeStamp(NOON + 50_000, 0, 'x')
  for (const station of ['grill', 'fryer']) kitchen.do('bumpTicket', kitchen.all(station))
  kitchen.do('fireCourse', kitchen.course('desserts', ORDER))
  kitchen.do('bumpTicket', kitchen.all('cold'))
  kitchen.do('serve', kitchen.out())
  const course = { id: 'starters', name: 'Starters', order: 1 }
  const cake = kitchen.see('open')?.items.find(({ name }) => name === 'Cake')
  const moved = event('item.changed', { item: cake?.id, fields: { course }, notify: true }, { stamp })
  kitchen.take(moved as unknown as PlateEvent)
  const item = kitchen.order().items[cake?.id ?? '']
  expect(item && itemStatus(kitchen.order(), item)).toBe('served')
})
