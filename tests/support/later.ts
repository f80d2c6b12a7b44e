/** @file Events as a version after this one might write them: with members, features, versions and kinds that are not known yet. Pure. */
import { randomUUID } from 'node:crypto'
import type { Envelope } from '../../shared/domain/events.ts'
import { makeStamp } from '../../shared/domain/stamp.ts'

export const LATER_CORE = '0fa70000-0000-4000-8000-000000000000'

let count = 0

function event(
  order: string | null,
  kind: string,
  data: unknown,
  more: Record<string, unknown> = {},
): Envelope {
  const at = Date.now()
  count += 1
  return {
    id: randomUUID(),
    v: 1,
    kind,
    order,
    at,
    stamp: makeStamp(at, count, LATER_CORE),
    device: LATER_CORE,
    staff: { id: 'zoe', name: 'Zoë' },
    command: randomUUID(),
    data,
    sig: 'c2lnbmF0dXJl',
    trace: { span: count, tags: ['é', null] },
    ...more,
  } as Envelope
}

/** One of each way in which the log may grow, about an order and about the house. */
export const laterEvents = (order: string, item: string): Envelope[] => [
  // Members that may be ignored: in the fields, beside them, and in the envelope.
  event(order, 'order.changed', {
    // No field will ever have such a name.
    fields: { note: 'window seat', 'later field': { name: 'Nø', phone: null } },
    why: 1,
  }),
  event(order, 'changes.acknowledged', { station: 'grill', seen: [], by: ['voice'] }),
  // What must not be ignored.
  event(
    order,
    'item.changed',
    { item, fields: { note: 'no nuts' }, notify: true, guestAllergy: 'nuts' },
    {
      needs: ['guestAllergies'],
    },
  ),
  event(order, 'order.joined', { to: randomUUID() }, { needs: ['joins'] }),
  // Kinds, versions and documents that are not known.
  event(order, 'order.photographed', { url: 'x' }),
  event(order, 'item.voided', { items: [item], reason: { code: 'spilt' } }, { v: 2 }),
  event(null, 'stock.set', { menuItem: 'risotto', out: false, left: 4 }),
  event(null, 'recipe.written', [1, 2, 3]),
  event(null, 'document.published', { name: 'recipes', version: 1, body: { any: true } }),
]
