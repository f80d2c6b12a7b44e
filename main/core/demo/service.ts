/** @file The demo's pass and floor: the expo serves what is complete, servers fire the next course. Acts through the stage only. */
import { handed } from '../../../shared/domain/shown.ts'
import type { ItemView, TicketView } from '../../../shared/domain/view.ts'
import type { Stage } from './stage.ts'
import type { DemoCommand } from './types.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

const live = (ticket: TicketView) => ticket.items.filter((item) => !item.voided)
const rankOf = (item: ItemView) => item.course?.order ?? 0

/** Items that can go out together: per course, once all of it that the kitchen has is ready. */
export function complete(ticket: TicketView): ItemView[][] {
  const waiting = live(ticket).filter((item) => item.status !== 'held' && item.status !== 'served')
  const courses = Map.groupBy(waiting, (item) => item.course?.id ?? '')
  return [...courses.values()].filter((items) => items.every((item) => item.status === 'ready'))
}

/** The held items to fire next, once everything of the courses before has been served; else none. */
export function nextCourse(ticket: TicketView): ItemView[] {
  const items = live(ticket)
  const held = items.filter((item) => item.status === 'held')
  const next = Math.min(...held.map(rankOf))
  const early = items.some((item) => rankOf(item) < next && item.status !== 'served')
  return early ? [] : held.filter((item) => rankOf(item) === next)
}

/** The expo at the pass: hands over what is complete within a minute. */
export function openPass(stage: Stage, people: readonly string[]): void {
  const going = new Set<string>()
  const look = (order: string) => {
    const ticket = board.get(order)
    if (!ticket || ticket.status === 'cancelled') return
    for (const items of complete(ticket)) {
      const key = items.map((item) => item.id).join()
      if (going.has(key)) continue
      going.add(key)
      const random = stage.random(`serve:${key}`)
      stage.later(random.int(10, 60) * SECOND, async () => {
        const args = { order, items: items.map(handed) }
        const result = await stage.act({ name: 'serve', args }, random.pick(people))
        if (result === 'hopeless') return
        going.delete(key)
        look(order)
      })
    }
  }
  const board = stage.board({ scope: 'expo' }, look)
}

/** What fires these held items of one course. */
function fire(order: string, items: readonly ItemView[]): DemoCommand {
  const course = items[0]?.course?.id
  return course === undefined
    ? { name: 'fireItems', args: { order, items: items.map((item) => item.id) } }
    : { name: 'fireCourse', args: { order, course, items: items.map((item) => item.id) } }
}

export interface Manners {
  server: string
  /** ms between being served and wanting the next course. */
  eats: number
}

/** Servers on the floor: fire the next course when guests have eaten the one before. Returns the board of open orders. */
export function openFloor(
  stage: Stage,
  mannersOf: (order: string) => Manners,
): ReadonlyMap<string, TicketView> {
  const going = new Set<string>()
  const look = (order: string) => {
    const ticket = board.get(order)
    const items = ticket ? nextCourse(ticket) : []
    const key = items.length ? `${order}:${rankOf(items[0] as ItemView)}` : ''
    if (!ticket || !items.length || going.has(key)) return
    going.add(key)
    const { server, eats } = mannersOf(order)
    const first = live(ticket).every((item) => rankOf(item) >= rankOf(items[0] as ItemView))
    stage.later(first ? MINUTE : eats, async () => {
      const result = await stage.act(fire(order, items), server)
      if (result === 'hopeless') return
      going.delete(key)
      look(order)
    })
  }
  const board = stage.board({ scope: 'open' }, look)
  return board
}
