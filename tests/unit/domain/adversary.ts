/** @file Purely random but well-formed events, with few ids and few stamps so that they clash as much as they can. Test kit. */
import fc from 'fast-check'
import { ALLERGENS } from '../../../shared/domain/documents.ts'
import { type PlateEvent, parseEvent } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { bodies, NOON, uuid } from './kit.ts'

const few = (prefix: string) => fc.constantFrom(...['a', 'b', 'c'].map((letter) => `${prefix}-${letter}`))
const id = few('i')
const text = fc.constantFrom('', 'x', '🎂', 'بصل')
const stamp = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 1 }), few('d'))
  .map(([at, count, device]) => makeStamp(NOON + at, count, device))
const person = fc.option(fc.record({ id, name: text }))
const modifier = fc.record({ id, name: text, price: fc.nat({ max: 300 }) })
const course = fc.record({ id: few('c'), name: text, order: fc.nat({ max: 3 }) })
const priority = fc.constantFrom('normal', 'rush', 'vip')
const optional = { requiredKeys: [] }

const line = fc.record({
  menuItem: id,
  name: text,
  price: fc.nat({ max: 2000 }),
  quantity: fc.integer({ min: 1, max: 5 }),
  modifiers: fc.array(modifier, { maxLength: 2 }),
  seat: fc.option(fc.nat({ max: 4 })),
  course: fc.option(course),
  note: text,
  allergens: fc.subarray([...ALLERGENS], { maxLength: 2 }),
  allergies: fc.subarray([...ALLERGENS], { maxLength: 1 }),
})
const stations = ['grill', 'fryer', 'gone', 'expo']
const task = fc.record({
  id: few('t'),
  station: fc.constantFrom(...stations),
  step: fc.integer({ min: 1, max: 3 }),
})
const orderFields = fc.record(
  { table: person, covers: fc.nat({ max: 9 }), server: person, note: text, priority },
  optional,
)
const itemFields = fc.record(
  {
    quantity: fc.integer({ min: 1, max: 9 }),
    modifiers: fc.array(modifier, { maxLength: 2 }),
    note: text,
    seat: fc.option(fc.nat({ max: 4 })),
    course: fc.option(course),
    allergies: fc.subarray([...ALLERGENS], { maxLength: 1 }),
  },
  optional,
)
const move = fc.record(
  {
    item: id,
    task: few('t'),
    cycle: fc.nat({ max: 2 }),
    rank: fc.nat({ max: 3 }),
    n: fc.nat({ max: 5 }),
    saw: fc.array(stamp, { maxLength: 3 }),
  },
  { requiredKeys: ['item', 'task', 'cycle', 'rank'] },
)
const share = fc.record({ had: fc.nat({ max: 4 }), took: fc.nat({ max: 3 }) })
const splitOff = fc.record({
  item: id,
  from: id,
  line,
  tasks: fc.uniqueArray(task, { minLength: 1, maxLength: 3, selector: (one) => one.id }),
  held: fc.boolean(),
  n: fc.integer({ min: 1, max: 4 }),
  made: fc.array(share, { maxLength: 3 }),
  served: share,
  saw: fc.array(stamp, { maxLength: 3 }),
})
const undone = fc.record({ items: fc.array(id, { maxLength: 2 }), deeds: fc.array(stamp, { maxLength: 2 }) })
const opened = fc.record({
  number: text,
  day: fc.constant('2026-03-02'),
  type: fc.constant('dineIn'),
  table: person,
  covers: fc.nat({ max: 9 }),
  server: person,
  note: text,
  priority,
})
const added = fc.record(
  {
    item: id,
    line,
    tasks: fc.uniqueArray(task, { minLength: 1, maxLength: 3, selector: (one) => one.id }),
    held: fc.boolean(),
    from: id,
  },
  { requiredKeys: ['item', 'line', 'tasks', 'held'] },
)
const noted = fc.record({ item: id, reason: text, notify: fc.boolean() })
const changed = fc.record(
  { item: id, fields: itemFields, notify: fc.boolean(), saw: fc.array(stamp, { maxLength: 2 }) },
  { requiredKeys: ['item', 'fields', 'notify'] },
)
const seen = fc.record({ station: fc.constantFrom(...stations), seen: fc.array(stamp, { maxLength: 3 }) })
const published = fc.record({
  name: fc.constant('stations'),
  version: fc.nat({ max: 3 }),
  body: fc.subarray(bodies.stations.stations).map((list) => ({ stations: list })),
})

const ofOrder = (kind: string, data: fc.Arbitrary<unknown>, weight = 1) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), order: few('o'), data }),
})
const ofHouse = (kind: string, data: fc.Arbitrary<unknown>) => ({
  weight: 1,
  arbitrary: fc.record({ kind: fc.constant(kind), order: fc.constant(null), data }),
})

const body = fc.oneof(
  ofOrder('order.opened', opened, 3),
  ofOrder('order.changed', fc.record({ fields: orderFields })),
  ofOrder('order.cancelled', fc.record({ reason: text })),
  ofOrder('item.added', added, 4),
  ofOrder('item.split', splitOff, 2),
  ofOrder('item.changed', changed, 2),
  ofOrder('item.voided', noted),
  ofOrder('course.fired', fc.record({ course: few('c') })),
  ofOrder('items.fired', fc.record({ items: fc.array(id, { maxLength: 2 }) })),
  ofOrder('tasks.moved', fc.record({ moves: fc.array(move, { maxLength: 3 }) }), 3),
  ofOrder('deeds.undone', undone),
  ofOrder('changes.acknowledged', seen),
  ofHouse('stock.set', fc.record({ menuItem: id, out: fc.boolean() })),
  ofHouse('document.published', published),
)

/** Events no honest core would make, but whose shapes are right. */
export const adversarial: fc.Arbitrary<PlateEvent[]> = fc.array(
  fc
    .tuple(body, stamp, person, fc.nat({ max: 3 }), fc.nat({ max: 99 }))
    .map(([{ kind, order, data }, at, staff, ms, n]): PlateEvent => {
      const raw = {
        id: uuid(n),
        v: 1,
        kind,
        order,
        at: NOON + ms,
        stamp: at,
        device: 'd',
        staff,
        command: 'c',
        data,
      }
      const read = parseEvent(JSON.parse(JSON.stringify(raw)))
      if (read.as !== 'event') throw new Error(`${kind}: ${JSON.stringify(read)}`)
      return read.event
    }),
  { maxLength: 40, size: 'max' },
)
