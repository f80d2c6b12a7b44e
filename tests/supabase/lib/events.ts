/** @file Test helpers: events as a core would push them, the least that is well-formed. Pure, apart from the clock. */
import type { Envelope, EventData, EventKind } from '../../../shared/domain/events.ts'
import { makeStamp } from '../../../shared/domain/stamp.ts'

let count = 0

/** One event of `kind`; later calls make later events. */
export function event<K extends EventKind>(kind: K, order: string | null, data: EventData<K>): Envelope {
  count += 1
  const at = Date.now()
  return {
    id: crypto.randomUUID(),
    v: 1,
    kind,
    order,
    at,
    stamp: makeStamp(at, count, 'test'),
    device: 'test',
    staff: null,
    command: crypto.randomUUID(),
    data,
  }
}

/** An order of this server with one dish for each of `lines`; held ones do not reach the kitchen. */
export function orderEvents(
  order: string,
  {
    server,
    lines = ['now'],
    number = '1',
  }: { server?: string; lines?: ('now' | 'held')[]; number?: string } = {},
): Envelope[] {
  const opened = event('order.opened', order, {
    number,
    day: '2026-11-22',
    type: 'dineIn',
    table: null,
    covers: 2,
    server: server ? { id: server, name: server } : null,
    note: '',
    priority: 'normal',
  })
  const added = lines.map((when) =>
    event('item.added', order, {
      item: crypto.randomUUID(),
      line: {
        menuItem: 'soup',
        name: 'Soup',
        price: 650,
        quantity: 1,
        modifiers: [],
        seat: null,
        course: null,
        note: '',
        allergens: [],
        allergies: [],
      },
      tasks: [{ id: crypto.randomUUID(), station: 'hot', step: 1 }],
      held: when === 'held',
    }),
  )
  return [opened, ...added]
}
