/** @file What decide needs besides state and command, and the small tools all rules share. Pure. */
import type { State } from '../apply.ts'
import { fail, type Outcome } from '../errors.ts'
import { type EventData, type EventKind, type PlateEvent, VERSIONS } from '../events.ts'
import type { ItemState, OrderState } from '../order.ts'
import type { Role } from '../roles.ts'
import type { Stamp } from '../stamp.ts'
import { itemStatus } from '../status.ts'

/** Who acts, when, and where new ids come from. Everything impure comes in through here. */
export interface Context {
  /** The core's clock, ms UTC. */
  now: number
  /** The business day of `now`. */
  day: string
  roles: readonly Role[]
  /** The person, when one is signed in. */
  staff: { id: string; name: string } | null
  /** Whether this is a demo evening, whose orders are marked. */
  training?: boolean
  /** The core's device id (events carry it). */
  device: string
  /** A fresh event id. */
  eventId(): string
  /** A fresh stamp greater than `above`. */
  stamp(above: Stamp): Stamp
  /** Takes the next ticket number of the business day, e.g. "12" or "B12". */
  ticketNumber(): string
}

/** What a command led to: the events to log (none when everything already is as asked) and a value for the caller. */
export interface Decided {
  events: PlateEvent[]
  value: Record<string, unknown>
}
export type Decision = Outcome<Decided>

/** Collects the events of one command, each with its own id and a stamp above all that came before. */
export interface Recorder {
  readonly events: PlateEvent[]
  /** `needs`: features (events/features.ts) without which a reader must not take its order for whole. */
  add<K extends EventKind>(kind: K, data: EventData<K>, needs?: readonly string[]): void
}

/** A recorder for one order, or for the restaurant itself (`order` null, above `top`). */
export function recorder(
  ctx: Context,
  command: { id: string },
  order: { id: string; top: Stamp } | null,
  top: Stamp = '',
): Recorder {
  const events: PlateEvent[] = []
  let above = order?.top ?? top
  return {
    events,
    add(kind, data, needs = []) {
      above = ctx.stamp(above)
      events.push({
        id: ctx.eventId(),
        v: VERSIONS[kind],
        kind,
        order: order?.id ?? null,
        at: ctx.now,
        stamp: above,
        device: ctx.device,
        staff: ctx.staff,
        command: command.id,
        data,
        ...(needs.length ? { needs: [...needs] } : {}),
      } as PlateEvent)
    },
  }
}

/** Success with the recorded events. */
export function decided(record: Recorder, value: Record<string, unknown> = {}): Decision {
  return { ok: true, value: { events: record.events, value } }
}

/** An order that can still be worked on. */
export function liveOrder(state: State, id: string): Outcome<OrderState> {
  const order = state.orders.get(id)
  if (!order?.opened) return fail('unknownOrder', {}, 'order')
  if (order.cancelled) {
    const { number } = order.opened
    return fail('orderCancelled', { number, reason: order.cancelled.reason })
  }
  return { ok: true, value: order }
}

/** An item that exists and is not voided, of which something is wanted. */
export function liveItem(order: OrderState, id: string): Outcome<ItemState> {
  const item = order.items[id]
  if (!item?.added) return fail('unknownItem', {}, 'item')
  if (itemStatus(order, item) === 'voided') return fail('itemVoided', { dish: item.added.line.name }, 'item')
  return { ok: true, value: item }
}
