/** @file Random events about the lines of one order, few enough that presses, writes, recalls, splits and undos meet and name each other. Test kit. */
import fc from 'fast-check'
import type { PlateEvent } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'
import { NOON, uuid } from '../../unit/domain/kit.ts'

const ORDER = 'o'
const STAMPS = 40
const stampOf = (n: number) => makeStamp(NOON + n, 0, 'd')
const stamp = fc.nat({ max: STAMPS - 1 }).map(stampOf)
const saw = fc.array(stamp, { maxLength: 12 })
/** A later line is split from an earlier one, as honest devices do it; now and then from any. */
const LINES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const item = fc.constantFrom(...LINES)
const task = fc.constantFrom('0', '1', '2', 'no such task')
const course = fc.constantFrom(
  { id: 'm', name: 'Mains', order: 1 },
  { id: 's', name: 'Sweets', order: 2 },
  null,
)
const allergies = fc.subarray(['nuts', 'milk'])
const note = fc.constantFrom('', 'rare')
const modifiers = fc.subarray([
  { id: 'x', name: 'X', price: 100 },
  { id: 'y', name: 'Y', price: -50 },
])
const optional = { requiredKeys: [] }

const line = fc.record({
  menuItem: fc.constant('dish'),
  name: fc.constant('Dish'),
  price: fc.constant(1000),
  quantity: fc.integer({ min: 1, max: 6 }),
  modifiers,
  seat: fc.constantFrom(null, 1),
  course,
  note,
  allergens: fc.constant([]),
  allergies,
})
const tasks = fc.constantFrom(
  ...[[1], [1, 1], [1, 2], [1, 2, 2], [1, 2, 3]].map((steps) =>
    steps.map((step, index) => ({ id: `${index}`, station: 'grill', step })),
  ),
)
const share = fc.record({ had: fc.nat({ max: 4 }), took: fc.nat({ max: 3 }) })
const started = fc.record({ line, tasks, held: fc.boolean() })

const added = item.chain((id) => started.map((data) => ({ item: id, ...data })))
const split = fc.record({
  at: fc.integer({ min: 1, max: LINES.length - 1 }),
  origin: fc.nat(),
  any: fc.nat({ max: 9 }),
  data: started,
  more: fc.record({
    n: fc.integer({ min: 1, max: 3 }),
    made: fc.array(share, { maxLength: 3 }),
    served: share,
    saw,
  }),
})
const splitOff = split.map(({ at, origin, any, data, more }) => ({
  item: LINES[at],
  from: LINES[origin % (any === 0 ? LINES.length : at)],
  ...data,
  ...more,
}))
const fields = fc.record(
  {
    quantity: fc.integer({ min: 1, max: 6 }),
    modifiers,
    note,
    seat: fc.constantFrom(null, 2),
    course,
    allergies,
  },
  optional,
)
const changed = fc.record(
  { item, fields, notify: fc.boolean(), saw },
  { requiredKeys: ['item', 'fields', 'notify'] },
)
const move = fc.record(
  { item, task, cycle: fc.nat({ max: 2 }), rank: fc.nat({ max: 3 }), n: fc.nat({ max: 5 }), saw },
  { requiredKeys: ['item', 'task', 'cycle', 'rank'] },
)
const items = fc.array(item, { maxLength: 3 })

const of = (kind: string, data: fc.Arbitrary<unknown>, weight: number) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), data }),
})
const body = fc.oneof(
  of('item.added', added, 2),
  of('item.split', splitOff, 4),
  of('item.changed', changed, 4),
  of('item.voided', fc.record({ item, reason: fc.constant('x'), notify: fc.boolean() }), 1),
  of('items.fired', fc.record({ items, course: fc.constant('m') }), 1),
  of('course.fired', fc.record({ course: fc.constantFrom('m', 's') }), 1),
  of('tasks.moved', fc.record({ moves: fc.array(move, { minLength: 1, maxLength: 4 }) }), 9),
  of('deeds.undone', fc.record({ items, deeds: fc.array(stamp, { maxLength: 2 }) }), 1),
)

const envelope = (n: number, kind: string, at: number, data: unknown): PlateEvent =>
  ({
    id: uuid(n),
    v: 1,
    kind,
    order: ORDER,
    at: NOON + at,
    stamp: stampOf(at),
    device: 'd',
    staff: null,
    command: 'c',
    data,
  }) as PlateEvent

const OPENED = {
  number: '1',
  day: '2026-03-02',
  type: 'dineIn',
  table: null,
  covers: 2,
  server: null,
  note: '',
  priority: 'normal',
}

/** Most stamps stand for one event; some for two. */
export const portions: fc.Arbitrary<PlateEvent[]> = fc
  .tuple(
    started,
    fc.array(fc.tuple(body, fc.nat({ max: STAMPS - 1 }), fc.nat({ max: 4 })), {
      minLength: 4,
      maxLength: 60,
      size: 'max',
    }),
  )
  .map(([first, rest]) => [
    envelope(0, 'order.opened', 0, OPENED),
    envelope(1, 'item.added', 0, { item: 'a', ...first }),
    ...rest.map(([{ kind, data }, at, clash], index) =>
      envelope(index + 2, kind, clash === 0 ? at : (index * 7) % STAMPS, data),
    ),
  ])
