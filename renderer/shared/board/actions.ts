/** @file What a cook can do on a board, each felt at once and, for a bump, with a way back. Sends commands. */
import type { Client } from '../../../shared/client/client.ts'
import type { Failure, Outcome } from '../../../shared/domain/errors.ts'
import { EXPO } from '../../../shared/domain/routing.ts'
import type { ItemView, TaskView, TicketView } from '../../../shared/domain/view.ts'
import { place } from '../format.ts'
import { createPressed, type Pressed } from './pressed.ts'

/** What the toast offers to take back. */
export interface Undo {
  id: number
  text: string
  run(): void
}

export interface Actions {
  pressed: Pressed
  bumpTicket(ticket: TicketView): void
  /** The next step of an item: start, then ready, then back. */
  tapItem(ticket: TicketView, item: ItemView): void
  /** Finishes an item's step here, started or not. */
  bumpItem(ticket: TicketView, item: ItemView): void
  acknowledge(ticket: TicketView): void
  recallTicket(order: string): void
  /** Hands over what is ready: one item, or all of the ticket. */
  serve(ticket: TicketView, item?: ItemView): void
  fireCourse(ticket: TicketView, course: string): void
}

export const ticketKey = (order: string) => `ticket:${order}`
export const taskKey = (task: string) => `task:${task}`
export const seenKey = (order: string) => `seen:${order}`
export const serveKey = (id: string) => `serve:${id}`
export const fireKey = (order: string, course: string) => `fire:${order}:${course}`
export const errorKey = (order: string) => `error:${order}`

const isOpen = (task: TaskView) => task.status === 'confirmed' || task.status === 'preparing'

/** The step of an item that this station works on now: the first one open here, else its last. */
export function taskHere(item: ItemView): TaskView | undefined {
  const here = item.tasks.filter((task) => task.here)
  return here.find((task) => isOpen(task) && !task.waiting) ?? here.find(isOpen) ?? here.at(-1)
}

/** Steps a bump of the whole ticket finishes now. */
export function openTasks(ticket: TicketView): { item: string; task: string }[] {
  return ticket.items
    .filter((item) => !item.voided && item.status !== 'held')
    .flatMap((item) =>
      item.tasks
        .filter((task) => task.here && !task.waiting && isOpen(task))
        .map((task) => ({ item: item.id, task: task.id })),
    )
}

/** All stamps on the ticket that this station has to acknowledge. */
export function pendingStamps(ticket: TicketView): string[] {
  return [...new Set([...ticket.pending, ...ticket.items.flatMap((item) => item.pending)])]
}

/** Where the board shows what came of an action that has no ticket to show it on. */
export interface Replies {
  offerUndo(undo: Undo): void
  trouble(failure: Failure): void
}

export function createActions(client: Client, station: string, replies: Replies): Actions {
  const pressed = createPressed()
  let undos = 0

  async function told<T>(work: Promise<Outcome<T>>): Promise<void> {
    const outcome = await work
    if (!outcome.ok) replies.trouble(outcome.error)
  }

  /** Takes back exactly the steps that were bumped, and no others of the same ticket. */
  function undo(ticket: TicketView, tasks: { item: string; task: string }[], text: string): void {
    const order = ticket.id
    const run = () => {
      pressed.clear(ticketKey(order))
      for (const { task } of tasks) pressed.clear(taskKey(task))
      for (const { item, task } of tasks) void told(client.send('recallTask', { order, item, task }))
    }
    replies.offerUndo({ id: ++undos, text, run })
  }

  function bumpTask(ticket: TicketView, item: ItemView, task: TaskView): void {
    const order = ticket.id
    const sent = client.send('bumpTask', { order, item: item.id, task: task.id })
    void pressed.track(taskKey(task.id), 'ready', errorKey(order), sent)
    undo(ticket, [{ item: item.id, task: task.id }], `${item.name} is ready (${ticket.number})`)
  }

  return {
    pressed,
    bumpTicket(ticket) {
      const order = ticket.id
      if (pressed.get(ticketKey(order))) return
      const tasks = openTasks(ticket)
      const sent = client.send('bumpTicket', { order, station })
      void pressed.track(ticketKey(order), 'bumped', errorKey(order), sent)
      undo(ticket, tasks, `Bumped ${ticket.number} · ${place(ticket)}`)
    },
    tapItem(ticket, item) {
      const task = taskHere(item)
      if (!task || item.voided || item.status === 'held' || ticket.cancelled) return
      const status = pressed.get(taskKey(task.id)) ?? task.status
      const ids = { order: ticket.id, item: item.id, task: task.id }
      if (status === 'confirmed') {
        if (task.waiting) return
        void pressed.track(taskKey(task.id), 'preparing', errorKey(ticket.id), client.send('startTask', ids))
      } else if (status === 'preparing') bumpTask(ticket, item, task)
      else if (status === 'ready') {
        void pressed.track(taskKey(task.id), 'confirmed', errorKey(ticket.id), client.send('recallTask', ids))
      }
    },
    bumpItem(ticket, item) {
      const task = taskHere(item)
      if (task) bumpTask(ticket, item, task)
    },
    acknowledge(ticket) {
      const seen = pendingStamps(ticket)
      if (!seen.length || pressed.get(seenKey(ticket.id))) return
      const sent = client.send('acknowledge', { order: ticket.id, station, seen })
      void pressed.track(seenKey(ticket.id), seen.join(' '), errorKey(ticket.id), sent)
    },
    recallTicket(order) {
      pressed.clear(ticketKey(order))
      // The expo brings back the whole ticket: it is the whole ticket that it hands out.
      const where = station === EXPO ? {} : { station }
      void told(client.send('recallTicket', { order, ...where }))
    },
    serve(ticket, item) {
      const order = ticket.id
      const sent = client.send('serve', item ? { order, items: [item.id] } : { order })
      void pressed.track(serveKey(item?.id ?? order), 'served', errorKey(order), sent)
    },
    fireCourse(ticket, course) {
      const order = ticket.id
      const sent = client.send('fireCourse', { order, course })
      void pressed.track(fireKey(order, course), 'fired', errorKey(order), sent)
    },
  }
}
