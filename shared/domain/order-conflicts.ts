/** @file What two devices did to the same order or item without having heard of each other. Pure. */
import { canonical } from './canonical.ts'
import { apart, type Conflict, newsOf, type Side, sideOf } from './conflict.ts'
import { did, valueParam } from './conflict-deeds.ts'
import { type EventData, type PlateEvent, RANK } from './events.ts'
import { say } from './messages/index.ts'
import type { Message, Param } from './messages/message.ts'
import type { Field, Fields, ItemState, Mark, OrderState } from './order.ts'
import { taskOf } from './portions.ts'
import { knowsRecall, type Pressed, pressesOn, recallsOf } from './presses.ts'
import { itemStatus } from './status.ts'

const same = (a: unknown, b: unknown) => a === b || canonical(a) === canonical(b)
const AN_ORDER = say('conflicts.anOrder')
const AN_ITEM = say('conflicts.anItem')
const nameOf = (item: ItemState | undefined): Param => item?.added?.line.name || AN_ITEM

/** Fields that were written elsewhere before the write that counts here. */
function lostFields<F extends object>(
  fields: Fields<F>,
  written: object,
  event: PlateEvent,
  fact: Param,
): Conflict[] {
  return Object.entries(written).flatMap(([name, value]): Conflict[] => {
    const field = Object.hasOwn(fields, name) ? (fields as Record<string, Field<unknown>>)[name] : undefined
    const last = field?.at(-1)
    if (!last || last.stamp <= event.stamp || !apart(event, last.stamp) || same(last.value, value)) return []
    const set = (what: unknown) => did.set(name, fact, what)
    const verdict = say('conflicts.laterValue', { value: valueParam(last.value) })
    const [known, news] = [sideOf(last, set(last.value)), newsOf(event, set(value))]
    return [{ kind: 'field', fact, known, news, won: 'known', verdict }]
  })
}

/** What an event does to one item. */
function deedOf(event: PlateEvent, item: ItemState | undefined): Message {
  const name = nameOf(item)
  switch (event.kind) {
    case 'item.voided':
      return did.voided(name, event.data.reason)
    case 'item.added':
    case 'item.split':
      return did.added(event.data.line.name || AN_ITEM)
    case 'items.fired':
      return did.fired(name)
    case 'course.fired':
      return did.fired(say('conflicts.aCourse'))
    case 'order.changed':
      return did.changed(AN_ORDER)
    case 'tasks.moved': {
      const move = event.data.moves.find((one) => one.item === item?.id)
      return did.moved(name, move?.cycle ?? 0, move?.rank ?? 0)
    }
    case 'item.changed':
    case 'order.opened':
    case 'deeds.undone':
    case 'order.cancelled':
    case 'changes.acknowledged':
    case 'stock.set':
    case 'document.published':
      return did.changed(name)
  }
}

/** The items an event is about. */
function itemsOf(order: OrderState, event: PlateEvent): ItemState[] {
  const ids =
    'item' in event.data
      ? [event.data.item]
      : event.kind === 'items.fired'
        ? event.data.items
        : event.kind === 'tasks.moved'
          ? event.data.moves.map((move) => move.item)
          : []
  return [...new Set(ids)].flatMap((id) => order.items[id] ?? [])
}

/** Something was done to what had been cancelled elsewhere, or cancelled twice. */
function onCancelled(order: OrderState, event: PlateEvent): Conflict[] {
  const { cancelled } = order
  if (!cancelled || !apart(event, cancelled.stamp)) return []
  const known = sideOf(cancelled, did.cancelled(cancelled.reason))
  const base = { kind: 'cancelled', fact: AN_ORDER, known } as const
  if (event.kind === 'order.cancelled') {
    const news = newsOf(event, did.cancelled(event.data.reason))
    return [{ ...base, news, won: null, verdict: say('conflicts.cancelledOnce') }]
  }
  const news = newsOf(event, deedOf(event, itemsOf(order, event)[0]))
  return [{ ...base, news, won: 'known', verdict: say('conflicts.staysCancelled') }]
}

/** Something was done to an item that had been voided elsewhere, or voided twice. */
function onVoided(item: ItemState, event: PlateEvent): Conflict[] {
  const { voided } = item
  if (!voided || event.kind === 'item.added' || event.kind === 'item.split' || !apart(event, voided.stamp))
    return []
  const fact = nameOf(item)
  const known = sideOf(voided, did.voided(fact, voided.reason))
  const news = newsOf(event, deedOf(event, item))
  const twice = event.kind === 'item.voided'
  const verdict = twice ? say('conflicts.voidedOnce') : say('conflicts.staysVoided', { fact })
  return [{ kind: 'voided', fact, known, news, won: twice ? null : 'known', verdict }]
}

function* deedsOn(item: ItemState): Generator<Side> {
  const name = nameOf(item)
  for (const writes of Object.values(item.fields)) {
    for (const write of writes ?? []) yield sideOf(write, did.changed(name))
  }
  for (const task of Object.keys(item.tasks)) {
    for (const press of pressesOn(item, task)) yield sideOf(press, did.moved(name, press.cycle, press.rank))
  }
}

/** The event ends what others have gone on working on here, later than it was written. */
function onWorked(
  items: ItemState[],
  event: PlateEvent,
  kind: 'voided' | 'cancelled',
  ended: Message,
): Conflict[] {
  let known: Side | undefined
  for (const item of items) {
    for (const deed of deedsOn(item)) {
      if (deed.stamp > (known?.stamp ?? event.stamp) && apart(event, deed.stamp)) known = deed
    }
  }
  if (!known) return []
  const [only] = items
  const fact = kind === 'cancelled' ? AN_ORDER : nameOf(only)
  const verdict = kind === 'cancelled' ? say('conflicts.isCancelled') : say('conflicts.isVoided', { fact })
  return [{ kind, fact, known, news: newsOf(event, ended), won: 'news', verdict }]
}

/** A change that only makes sense while the guest does not have the item yet. */
function onServed(order: OrderState, item: ItemState, event: PlateEvent): Conflict[] {
  if (event.kind !== 'item.changed') return []
  const { fields, notify } = event.data
  // Seats change at any time, and a served line may be split, which writes its quantity.
  const { seat: _, quantity: __, ...cooked } = fields
  if (!(notify || Object.keys(cooked).length) || itemStatus(order, item) !== 'served') return []
  const served = (item.added?.tasks ?? [])
    .map((task) => taskOf(order, item, task.id)?.handedOut)
    .reduce<Mark | undefined>((a, b) => (a && (!b || a.stamp > b.stamp) ? a : b), undefined)
  if (!served || !apart(event, served.stamp)) return []
  const fact = nameOf(item)
  const wishes = Object.entries(fields).map(([name, value]) => did.set(name, fact, value))
  const known = sideOf(served, did.moved(fact, 0, RANK.served))
  const verdict = say('conflicts.bothAsk')
  return [{ kind: 'served', fact, known, news: newsOf(event, did.all(wishes)), won: null, verdict }]
}

/** The same step done twice, or done without knowing of a recall made elsewhere. One per item. */
function onMoved(order: OrderState, event: PlateEvent, { moves }: EventData<'tasks.moved'>): Conflict[] {
  const told = new Set<string>()
  return moves.flatMap((move): Conflict[] => {
    const item = order.items[move.item]
    if (!item?.tasks[move.task] || told.has(item.id)) return []
    const presses = pressesOn(item, move.task)
    const found = twice(item, presses, event, move) ?? recalled(item, event, move)
    if (found) told.add(item.id)
    return found ? [found] : []
  })
}

type Move = EventData<'tasks.moved'>['moves'][number]

function twice(item: ItemState, presses: Pressed[], event: PlateEvent, move: Move): Conflict | undefined {
  // Whoever had heard of the other's press, and of nothing since, would not have pressed.
  const what = ({ cycle, rank, n, saw = [] }: Pressed | Move) =>
    canonical([cycle, rank, n ?? null, [...saw].sort()])
  const same = presses.find((press) => what(press) === what(move) && apart(event, press.stamp))
  if (!same) return undefined
  const fact = nameOf(item)
  const deed = did.moved(fact, move.cycle, move.rank)
  const [known, news] = [sideOf(same, deed), newsOf(event, deed)]
  return { kind: 'task', fact, known, news, won: null, verdict: say('conflicts.countsOnce') }
}

function recalled(item: ItemState, event: PlateEvent, move: Move): Conflict | undefined {
  const task = item.added?.tasks.find(({ id }) => id === move.task)
  if (!task || move.rank === RANK.confirmed) return undefined
  const press = { ...move, at: event.at, by: event.staff, stamp: event.stamp }
  const missed = recallsOf(item, task).filter(
    (recall) => !knowsRecall(press, recall) && apart(event, recall.stamp),
  )
  const recall = pressesOn(item, move.task).find(({ stamp }) => missed.some((one) => one.stamp === stamp))
  if (!recall) return undefined
  const fact = nameOf(item)
  const known = sideOf(recall, did.moved(fact, 1, RANK.confirmed))
  const news = newsOf(event, did.moved(fact, move.cycle, move.rank))
  const verdict = say('conflicts.recallCounts', { fact })
  return { kind: 'recalled', fact, known, news, won: 'known', verdict }
}

/** Whether the order shows that this event is merged already. Not every event can be told from the state. */
function isKnown(order: OrderState, event: PlateEvent): boolean {
  const { stamp } = event
  const has = (fields: object) =>
    Object.values(fields).some((field: Field<unknown>) => field.some((write) => write.stamp === stamp))
  const of = (id: string) => order.items[id]
  switch (event.kind) {
    case 'order.changed':
      return has(order.fields)
    case 'course.fired':
      return order.fired[event.data.course]?.some((mark) => mark.stamp === stamp) ?? false
    case 'tasks.moved':
      return event.data.moves.some(({ item, task }) =>
        Object.values(of(item)?.tasks[task] ?? {}).some((press) => press.stamp === stamp),
      )
    case 'item.added':
    case 'item.split':
      return of(event.data.item)?.added?.stamp === stamp
    case 'item.changed':
      return has(of(event.data.item)?.fields ?? {})
    case 'item.voided':
      return of(event.data.item)?.voided?.stamp === stamp
    case 'items.fired':
      return event.data.items.some((id) => of(id)?.fired?.stamp === stamp)
    case 'deeds.undone':
      return event.data.items.every((id) => event.data.deeds.every((deed) => of(id)?.undone?.[deed]))
    case 'order.opened':
    case 'order.cancelled':
    case 'changes.acknowledged':
    case 'stock.set':
    case 'document.published':
      return false
  }
}

/** The conflicts an event brings to its order. */
export function orderConflicts(order: OrderState, event: PlateEvent): Conflict[] {
  // What came before its order or item did is only late.
  if (!order.opened || event.kind === 'changes.acknowledged') return []
  if (event.kind === 'order.opened') return openedTwice(order.opened, event, event.data)
  if (isKnown(order, event)) return []
  const ended = onCancelled(order, event)
  if (ended.length) return ended
  const items = itemsOf(order, event)
  const voided = items.flatMap((item) => onVoided(item, event))
  return voided.length ? voided : amongLiving(order, items, event)
}

function amongLiving(order: OrderState, items: ItemState[], event: PlateEvent): Conflict[] {
  if (event.kind === 'order.cancelled') {
    return onWorked(Object.values(order.items), event, 'cancelled', did.cancelled(event.data.reason))
  }
  if (event.kind === 'order.changed') return lostFields(order.fields, event.data.fields, event, AN_ORDER)
  if (event.kind === 'tasks.moved') return onMoved(order, event, event.data)
  const [item] = items
  if (!item) return []
  if (event.kind === 'item.voided') return onWorked([item], event, 'voided', deedOf(event, item))
  if (event.kind !== 'item.changed') return []
  const lost = lostFields(item.fields, event.data.fields, event, nameOf(item))
  return lost.length ? lost : onServed(order, item, event)
}

function openedTwice(
  opened: NonNullable<OrderState['opened']>,
  event: PlateEvent,
  data: EventData<'order.opened'>,
): Conflict[] {
  if (!apart(event, opened.stamp)) return []
  const known = sideOf(opened, did.opened(opened.number))
  const news = newsOf(event, did.opened(data.number))
  const won = opened.stamp < event.stamp ? 'known' : 'news'
  const verdict = say('conflicts.oneOrder', { number: won === 'known' ? opened.number : data.number })
  return [{ kind: 'opened', fact: AN_ORDER, known, news, won, verdict }]
}
