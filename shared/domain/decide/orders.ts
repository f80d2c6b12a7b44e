/** @file Rules for placing and changing orders and their items. Pure. */
import type { State } from '../apply.ts'
import { canonical } from '../canonical.ts'
import { type CommandArgs, type LineInput, MAX_ITEMS } from '../commands.ts'
import { fail, type Outcome, ok } from '../errors.ts'
import { type EventData, type Line, type Move, RANK } from '../events.ts'
import { currentFields, existingItems, type ItemState, type OrderState, type Split } from '../order.ts'
import { simpleOf } from '../order-fields.ts'
import { currentLine, type LineWork, workOf } from '../portions.ts'
import { quantityFor } from '../splits.ts'
import { itemStatus, release } from '../status.ts'
import { type Context, type Decision, decided, liveItem, liveOrder, recorder } from './context.ts'
import { buildLine, chooseModifiers, courseRef } from './lines.ts'

interface Id {
  id: string
}

function findTable(state: State, id: string | null): Outcome<{ id: string; name: string } | null> {
  if (id === null) return ok(null)
  const table = state.documents.floor.body.tables.find((candidate) => candidate.id === id)
  return table ? ok({ id: table.id, name: table.name }) : fail('unknownTable', {}, 'table')
}

/** Builds all lines before anything is recorded: an order is taken whole or not at all. */
function buildLines(
  state: State,
  inputs: readonly LineInput[],
  order?: OrderState,
): Outcome<EventData<'item.added'>[]> {
  const ids = new Set(inputs.map((input) => input.id))
  if (ids.size < inputs.length) return fail('invalid', { why: 'lineTwice' }, 'items')
  const known = order ? Object.keys(order.items) : []
  if (known.length + inputs.length > MAX_ITEMS) {
    return fail('tooLarge', { why: 'order', most: MAX_ITEMS }, 'items')
  }
  const built: EventData<'item.added'>[] = []
  for (const input of inputs) {
    if (order?.items[input.id]) return fail('invalid', { why: 'lineThere' }, `items.${input.id}`)
    const line = buildLine(state, input)
    if (!line.ok) return line
    built.push(line.value)
  }
  return ok(built)
}

export function placeOrder(
  state: State,
  command: Id,
  args: CommandArgs<'placeOrder'>,
  ctx: Context,
): Decision {
  if (state.orders.get(args.order)?.opened) {
    return fail('duplicateOrder', {}, 'order')
  }
  const table = findTable(state, args.table)
  if (!table.ok) return table
  const lines = buildLines(state, args.items, state.orders.get(args.order))
  if (!lines.ok) return lines
  const record = recorder(ctx, command, { id: args.order, top: state.orders.get(args.order)?.top ?? '' })
  const number = ctx.ticketNumber()
  record.add('order.opened', {
    number,
    day: ctx.day,
    type: args.type,
    table: table.value,
    server: ctx.staff,
    ...simpleOf(args),
    ...(ctx.training && { training: true }),
  })
  for (const line of lines.value) record.add('item.added', line)
  return decided(record, { order: args.order, number })
}

export function addItems(state: State, command: Id, args: CommandArgs<'addItems'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const lines = buildLines(state, args.items, order.value)
  if (!lines.ok) return lines
  const record = recorder(ctx, command, order.value)
  for (const line of lines.value) record.add('item.added', line)
  return decided(record)
}

/** Whether the kitchen may have seen the item, so that a cook must be told. */
function reachedKitchen(order: OrderState, item: ItemState): boolean {
  return release(order, item) !== undefined && itemStatus(order, item) !== 'served'
}

const same = (a: unknown, b: unknown) => canonical(a) === canonical(b)

/** Only what really differs becomes a write: a form saved unchanged alarms nobody. */
function differences(
  now: Line,
  wish: EventData<'item.changed'>['fields'],
): EventData<'item.changed'>['fields'] {
  const names = Object.keys(wish) as (keyof typeof wish)[]
  return Object.fromEntries(
    names.filter((name) => !same(wish[name], now[name])).map((name) => [name, wish[name]]),
  )
}

function wishedFields(
  state: State,
  line: Line,
  args: CommandArgs<'changeItem'>,
): Outcome<EventData<'item.changed'>['fields']> {
  const menu = state.documents.menu.body
  const dish = menu.items.find((candidate) => candidate.id === line.menuItem)
  const wish: EventData<'item.changed'>['fields'] = {}
  if (args.quantity !== undefined) wish.quantity = args.quantity
  if (args.note !== undefined) wish.note = args.note
  if (args.seat !== undefined) wish.seat = args.seat
  if (args.allergies !== undefined) wish.allergies = args.allergies
  if (args.modifiers !== undefined) {
    const modifiers = chooseModifiers(menu, dish, args.modifiers, line.modifiers)
    if (!modifiers.ok) return modifiers
    wish.modifiers = modifiers.value
  }
  if (args.course !== undefined) {
    const course = courseRef(menu, dish, args.course)
    if (!course.ok) return course
    wish.course = course.value
  }
  return ok(wish)
}

export function changeItem(
  state: State,
  command: Id,
  args: CommandArgs<'changeItem'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const item = liveItem(order.value, args.item)
  if (!item.ok) return item
  const line = currentLine(order.value, item.value)
  const work = workOf(order.value, item.value)
  if (!line || !work) return fail('unknownItem', {}, 'item')
  const wish = wishedFields(state, line, args)
  if (!wish.ok) return wish
  const fields = differences(line, wish.value)
  const { seat: _, ...told } = fields
  const { allergies: __, ...cooked } = told
  const served = itemStatus(order.value, item.value) === 'served'
  if (served && Object.keys(cooked).length) {
    return fail('alreadyServed', { why: 'change', dish: line.name }, 'item')
  }
  // What was ordered in time stays; there is no more of it.
  if ((fields.quantity ?? 0) > line.quantity && state.stock.get(line.menuItem)?.out) {
    return fail('soldOut', { dish: line.name }, 'quantity')
  }
  const record = recorder(ctx, command, order.value)
  if (fields.quantity !== undefined) fields.quantity = quantityFor(work.facts, fields.quantity)
  if (Object.keys(fields).length)
    record.add('item.changed', changeOf(args.item, fields, order.value, item.value), needsOf(fields))
  return decided(record)
}

type Changes = EventData<'item.changed'>['fields']

function changeOf(
  id: string,
  fields: Changes,
  order: OrderState,
  item: ItemState,
): EventData<'item.changed'> {
  const { seat: _, ...told } = fields
  // An allergy told late is told also when the guest has the plate: then more than ever.
  const reached =
    told.allergies === undefined ? reachedKitchen(order, item) : release(order, item) !== undefined
  const parts = workOf(order, item)?.facts.parts ?? []
  return {
    item: id,
    fields,
    notify: Object.keys(told).length > 0 && reached,
    saw: parts.map(({ stamp }) => stamp),
  }
}

/** Whoever cannot read an allergy must not cook as if there were none. */
const needsOf = ({ allergies }: Changes): string[] => (allergies === undefined ? [] : ['itemAllergies'])

export function splitItem(state: State, command: Id, args: CommandArgs<'splitItem'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const item = liveItem(order.value, args.item)
  if (!item.ok) return item
  const line = currentLine(order.value, item.value)
  const work = workOf(order.value, item.value)
  if (!line || !work) return fail('unknownItem', {}, 'item')
  if (order.value.items[args.newItem]) return fail('invalid', { why: 'newLineThere' }, 'newItem')
  if (existingItems(order.value).length >= MAX_ITEMS) {
    return fail('tooLarge', { why: 'order', most: MAX_ITEMS }, 'items')
  }
  if (args.quantity >= work.wanted) {
    return fail('invalid', { why: 'splitFewer', quantity: work.wanted }, 'quantity')
  }
  const split = splitOf(work, args.quantity)
  const record = recorder(ctx, command, order.value)
  // The same dishes stay on the same screens, so there is nothing for a cook to acknowledge.
  record.add(
    'item.split',
    {
      item: args.newItem,
      from: args.item,
      line: { ...line, quantity: args.quantity },
      tasks: work.facts.added.tasks.map((task, index) => ({ ...task, id: `${args.newItem}:${index}` })),
      held: release(order.value, item.value) === undefined,
      ...split,
    },
    ['splits'],
  )
  const begun = startsOf(work, args.newItem)
  if (begun.length) record.add('tasks.moved', { moves: begun })
  return decided(record)
}

/** Of what is made the old line keeps as much as it needs; the rest goes along. */
function splitOf({ wanted, served, tasks, shown }: LineWork, n: number): Omit<Split, 'from'> {
  const share = (had: number) => ({ had, took: Math.max(0, Math.min(n, had - (wanted - n))) })
  return {
    n,
    made: [...tasks.values()].map(({ made }) => share(made)),
    served: share(served),
    saw: [...shown],
  }
}

/** What is being cooked goes on being cooked. */
function startsOf({ tasks }: LineWork, id: string): Move[] {
  return [...tasks.values()].flatMap(({ started }, index) =>
    started ? [{ item: id, task: `${id}:${index}`, cycle: 0, rank: RANK.preparing, saw: [] }] : [],
  )
}

const MANAGERS = ['manager', 'admin'] as const

export function voidItem(state: State, command: Id, args: CommandArgs<'voidItem'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const item = liveItem(order.value, args.item)
  if (!item.ok) return item
  const served = itemStatus(order.value, item.value) === 'served'
  if (served && !MANAGERS.some((role) => ctx.roles.includes(role))) {
    return fail('alreadyServed', { why: 'void' }, 'item')
  }
  const record = recorder(ctx, command, order.value)
  record.add('item.voided', {
    item: args.item,
    reason: args.reason,
    notify: reachedKitchen(order.value, item.value),
  })
  return decided(record)
}

export function cancelOrder(
  state: State,
  command: Id,
  args: CommandArgs<'cancelOrder'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const served = existingItems(order.value).some((item) => itemStatus(order.value, item) === 'served')
  if (served && !MANAGERS.some((role) => ctx.roles.includes(role))) {
    return fail('alreadyServed', { why: 'part' }, 'order')
  }
  const record = recorder(ctx, command, order.value)
  record.add('order.cancelled', { reason: args.reason })
  return decided(record)
}

export function changeOrder(
  state: State,
  command: Id,
  args: CommandArgs<'changeOrder'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const now = currentFields(order.value)
  const wish: EventData<'order.changed'>['fields'] = {}
  Object.assign(wish, simpleOf(args))
  if (args.table !== undefined) {
    const table = findTable(state, args.table)
    if (!table.ok) return table
    wish.table = table.value
  }
  if (args.server !== undefined) {
    const member = state.documents.staff.body.members.find((candidate) => candidate.id === args.server)
    if (args.server !== null && !member) return fail('invalid', { why: 'notOnStaff' }, 'server')
    wish.server = member ? { id: member.id, name: member.name } : null
  }
  const names = Object.keys(wish) as (keyof typeof wish)[]
  const fields = Object.fromEntries(
    names.filter((name) => !same(wish[name], now?.[name])).map((name) => [name, wish[name]]),
  )
  const record = recorder(ctx, command, order.value)
  if (Object.keys(fields).length) record.add('order.changed', { fields })
  return decided(record)
}

/** Those of `ids` that are held. */
function heldOf(order: OrderState, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    const item = order.items[id]
    return item?.added && itemStatus(order, item) === 'held'
  })
}

export function fireCourse(
  state: State,
  command: Id,
  args: CommandArgs<'fireCourse'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const items = heldOf(order.value, args.items)
  if (!items.length) return fail('nothingToDo', { why: 'noneHeld' }, 'course')
  const unseen = existingItems(order.value).filter(
    (item) =>
      !args.items.includes(item.id) &&
      itemStatus(order.value, item) === 'held' &&
      currentLine(order.value, item)?.course?.id === args.course,
  ).length
  const record = recorder(ctx, command, order.value)
  record.add('items.fired', { items, course: args.course })
  return decided(record, { done: items.length, left: [], unseen })
}

export function fireItems(state: State, command: Id, args: CommandArgs<'fireItems'>, ctx: Context): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  for (const id of args.items) {
    const item = liveItem(order.value, id)
    if (!item.ok) return item
  }
  const items = heldOf(order.value, args.items)
  if (!items.length) return fail('nothingToDo', { why: 'allFired' }, 'items')
  const record = recorder(ctx, command, order.value)
  record.add('items.fired', { items })
  return decided(record)
}
