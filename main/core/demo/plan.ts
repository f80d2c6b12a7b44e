/** @file Plans the demo evening: who comes when, what they order and change their minds about, what runs out. Pure. */
import type { DocumentBodies } from '../../../shared/domain/documents.ts'
import type { Role } from '../../../shared/domain/roles.ts'
import { arrivalTime, createSeating, partySizes } from './arrivals.ts'
import { chooseOptions, orderMeal } from './meal.ts'
import { createRandom, type Random } from './random.ts'
import type { DemoCommand, EveningOptions, EveningPlan, Party, Step } from './types.ts'

const MINUTE = 60_000
/** Defaults of an evening: a good Friday in a bistro of 75 seats. */
const COVERS = 130
const TO_GO = 60
const DURATION = 150 * MINUTE

type PlaceOrder = Extract<DemoCommand, { name: 'placeOrder' }>

/** Active people with one of these roles; managers stand in where nobody has it. */
export function people(staff: DocumentBodies['staff'], ...roles: Role[]): string[] {
  const active = staff.members.filter((member) => member.active)
  const fitting = active.filter((member) => roles.includes(member.role))
  const found = fitting.length
    ? fitting
    : active.filter((member) => ['manager', 'admin'].includes(member.role))
  return found.map((member) => member.id)
}

interface Outage {
  item: string
  from: number
  to: number
}

function planOutages(options: EveningOptions, duration: number, random: Random): Outage[] {
  const dishes = options.documents.menu.items.map((item) => item.id)
  return Array.from({ length: Math.min(3, Math.floor(dishes.length / 4)) }, () => {
    const from = Math.round(duration * (0.4 + random.next() * 0.3))
    return { item: random.pick(dishes), from, to: from + random.int(20, 60) * MINUTE }
  })
}

function stockSteps(outages: readonly Outage[], cooks: readonly string[], random: Random): Step[] {
  return outages.flatMap(({ item, from, to }) => {
    const as = random.pick(cooks)
    const step = (at: number, out: boolean): Step => ({
      at,
      as,
      command: { name: 'setStock', args: { menuItem: item, out } },
    })
    return [step(from, true), step(to, false)]
  })
}

/** What becomes of an order after it was sent: a change, a void, a rush, another round, rarely a cancellation. */
function afterthoughts(
  place: PlaceOrder,
  at: number,
  options: EveningOptions,
  random: Random,
): DemoCommand[] {
  const { order, items } = place.args
  const { menu } = options.documents
  const result: DemoCommand[] = []
  const line = random.pick(items)
  const dish = menu.items.find((item) => item.id === line.menuItem)
  if (random.chance(0.02)) {
    return [{ name: 'cancelOrder', args: { order, reason: 'guests left' } }]
  }
  if (random.chance(0.1)) {
    const again = random.chance(0.5)
    const wish =
      again || !dish ? { quantity: 2 } : { modifiers: chooseOptions(menu, dish, random), note: 'changed' }
    result.push({ name: 'changeItem', args: { order, item: line.id, ...wish } })
  }
  if (random.chance(0.06)) {
    result.push({
      name: 'voidItem',
      args: { order, item: random.pick(items).id, reason: 'changed their mind' },
    })
  }
  if (random.chance(0.06)) {
    const priority = random.chance(0.7) ? 'rush' : 'vip'
    result.push({ name: 'changeOrder', args: { order, priority } })
  }
  const drink = items.find((candidate) => !candidate.hold && candidate.menuItem !== dish?.id)
  if (place.args.type === 'dineIn' && drink && random.chance(0.2)) {
    result.push({
      name: 'addItems',
      args: { order, items: [{ ...drink, id: random.uuid(at), hold: false }] },
    })
  }
  return result
}

interface Arrival {
  at: number
  size: number
  type: 'dineIn' | 'takeaway' | 'delivery'
}

function arrivals(options: EveningOptions, duration: number, random: Random): Arrival[] {
  const seated = partySizes(options.covers ?? COVERS, random).map(
    (size): Arrival => ({ at: arrivalTime(duration, random), size, type: 'dineIn' }),
  )
  const toGo = Array.from(
    { length: options.toGo ?? TO_GO },
    (): Arrival => ({
      at: arrivalTime(duration, random),
      size: random.int(1, 4),
      type: random.chance(0.6) ? 'takeaway' : 'delivery',
    }),
  )
  return [...seated, ...toGo].sort((a, b) => a.at - b.at)
}

/**
 * Plans an evening: the same options give the same plan. What depends on how fast the kitchen is (firing courses,
 * cooking, serving) is left to {@link runEvening}.
 * @throws RangeError when the menu is empty or nobody on the staff may order.
 */
export function planEvening(options: EveningOptions): EveningPlan {
  const random = createRandom(options.seed)
  const duration = options.duration ?? DURATION
  const { menu, floor, staff } = options.documents
  const outages = planOutages(options, duration, random)
  const seat = createSeating(floor)
  const servers = people(staff, 'server')
  const parties = arrivals(options, duration, random).map((arrival): Party => {
    const dineIn = arrival.type === 'dineIn'
    // They sit down, read the menu, and order some minutes later.
    const table = dineIn ? seat(arrival.at, arrival.size, random) : null
    const at = arrival.at + (dineIn ? random.int(4, 9) * MINUTE : 0)
    const soldOut = new Set(
      outages.filter(({ from, to }) => at >= from - MINUTE && at <= to).map(({ item }) => item),
    )
    const when = options.start + at
    const order = random.uuid(when)
    const items = orderMeal({ menu, random, at: when, covers: arrival.size, hold: dineIn, soldOut })
    const server = random.pick(servers)
    const place: PlaceOrder = {
      name: 'placeOrder',
      args: {
        order,
        type: arrival.type,
        table,
        covers: dineIn ? arrival.size : 0,
        note: random.chance(0.05) ? 'allergy at the table, ask first' : '',
        priority: random.chance(0.03) ? 'vip' : 'normal',
        items,
      },
    }
    const later = afterthoughts(place, when, options, random)
    const steps = [place as DemoCommand, ...later].map((command, index) => ({
      at: at + (index === 0 ? 0 : random.int(1, 6) * MINUTE),
      as: server,
      command,
    }))
    return { order, covers: place.args.covers ?? 0, steps, eats: random.int(12, 22) * MINUTE, server }
  })
  const covers = parties.reduce((sum, party) => sum + party.covers, 0)
  const stock = stockSteps(outages, people(staff, 'cook', 'expo'), random)
  return { seed: options.seed, start: options.start, covers, parties, stock }
}
