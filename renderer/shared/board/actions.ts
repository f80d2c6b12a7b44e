/** @file What a cook can do on a board, each felt at once and, for a bump, with a way back. Sends commands. */
import type { Client } from '../../../shared/client/client.ts'
import type { CommandAnswer } from '../../../shared/contract/contract.ts'
import type { Failure, Outcome } from '../../../shared/domain/errors.ts'
import { EXPO } from '../../../shared/domain/routing.ts'
import {
  answerFor,
  answersFor,
  handed,
  handedFor,
  heldFor,
  isOpen,
  recallFor,
  recallsFor,
  startFor,
} from '../../../shared/domain/shown.ts'
import type { ItemView, TaskView, TicketView } from '../../../shared/domain/view.ts'
import { noun, place } from '../format.ts'
import { createDrawn, type Drawn } from './drawn.ts'
import { createPressed, type Pressed } from './pressed.ts'

/** What the toast offers to take back. */
export interface Undo {
  id: number
  text: string
  run(): void
}

export interface Actions {
  pressed: Pressed
  drawn: Drawn
  bumpTicket(ticket: TicketView): void
  /** The next step of an item: start, then ready, then back. */
  tapItem(ticket: TicketView, item: ItemView): void
  /** Finishes an item's step here, started or not. */
  bumpItem(ticket: TicketView, item: ItemView): void
  acknowledge(ticket: TicketView): void
  /** Brings back what this ticket shows as done. */
  recallTicket(ticket: TicketView): void
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

/** The step of an item that this station works on now: the first one open here, else its last. */
export function taskHere(item: ItemView): TaskView | undefined {
  const here = item.tasks.filter((task) => task.here)
  return here.find((task) => isOpen(task) && !task.waiting) ?? here.find(isOpen) ?? here.at(-1)
}

/** All stamps on the ticket that this station has to acknowledge. */
export function pendingStamps(ticket: TicketView): string[] {
  return [...new Set([...ticket.pending, ...ticket.items.flatMap((item) => item.pending)])]
}

/** Where the board shows what came of an action that has no ticket to show it on. */
export interface Replies {
  offerUndo(undo: Undo): void
  trouble(failure: Failure): void
  /** A short sentence: what a press left as it was. */
  notice(text: string): void
}

type Sent = Promise<Outcome<CommandAnswer>>

/** What a press on a whole ticket did not touch, in words; null when that was nothing. */
function leftover({ left = [], unseen = 0 }: CommandAnswer): string | null {
  const changed = left.filter(({ code }) => code === 'changed').length
  const parts = [
    unseen > 0 && `${unseen} new ${noun(unseen, 'line')} ${unseen === 1 ? 'stays' : 'stay'}`,
    changed > 0 && `${changed} ${noun(changed, 'line')} changed meanwhile`,
  ].filter(Boolean)
  return parts.length ? parts.join(', ') : null
}

export function createActions(client: Client, station: string, replies: Replies): Actions {
  const pressed = createPressed()
  const drawn = createDrawn()
  let undos = 0

  async function told<T>(work: Promise<Outcome<T>>): Promise<void> {
    const outcome = await work
    if (!outcome.ok) replies.trouble(outcome.error)
  }

  async function tellLeft(ticket: TicketView, sent: Sent): Promise<void> {
    const outcome = await sent
    const text = outcome.ok ? leftover(outcome.value) : null
    if (text) replies.notice(`${ticket.number}: ${text}`)
  }

  /** Takes back exactly what was pressed, and nobody else's press of the same. */
  function undo(ticket: TicketView, keys: readonly string[], text: string, sent: Sent): void {
    const order = ticket.id
    const takeBack = async () => {
      const outcome = await sent
      const deed = outcome.ok ? outcome.value.deed : null
      if (deed) await told(client.send('undo', { order, deeds: [deed] }))
    }
    const run = () => {
      for (const key of keys) pressed.clear(key)
      void takeBack()
    }
    replies.offerUndo({ id: ++undos, text, run })
  }

  function bumpTask(ticket: TicketView, item: ItemView, task: TaskView): void {
    const sent = client.send('bumpTask', { order: ticket.id, ...answerFor(item, task) })
    void pressed.track(taskKey(task.id), 'ready', errorKey(ticket.id), sent)
    undo(ticket, [taskKey(task.id)], `${item.name} is ready (${ticket.number})`, sent)
    void tellLeft(ticket, sent)
  }

  return {
    pressed,
    drawn,
    bumpTicket(ticket) {
      const order = ticket.id
      if (pressed.get(ticketKey(order))) return
      const tasks = answersFor(drawn.seen(ticket))
      if (!tasks.length) {
        replies.notice(`${ticket.number} has just changed: look, then bump`)
        return
      }
      const sent = client.send('bumpTicket', { order, station, tasks })
      void pressed.track(ticketKey(order), 'bumped', errorKey(order), sent)
      const keys = [ticketKey(order), ...tasks.map(({ task }) => taskKey(task))]
      undo(ticket, keys, `Bumped ${ticket.number} · ${place(ticket)}`, sent)
      void tellLeft(ticket, sent)
    },
    tapItem(ticket, item) {
      const task = taskHere(item)
      if (!task || item.voided || item.status === 'held' || ticket.cancelled) return
      const status = pressed.get(taskKey(task.id)) ?? task.status
      const ids = { order: ticket.id, ...startFor(item, task) }
      if (status === 'confirmed') {
        if (task.waiting) return
        void pressed.track(taskKey(task.id), 'preparing', errorKey(ticket.id), client.send('startTask', ids))
      } else if (status === 'preparing') bumpTask(ticket, item, task)
      else if (status === 'ready') {
        // All of it, also where the screen has not yet drawn what was just bumped.
        const sent = client.send('recallTask', {
          order: ticket.id,
          ...recallFor(item, task),
          n: item.quantity,
        })
        void pressed.track(taskKey(task.id), 'confirmed', errorKey(ticket.id), sent)
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
    recallTicket(ticket) {
      const order = ticket.id
      pressed.clear(ticketKey(order))
      // The expo brings back the whole ticket: it is the whole ticket that it hands out.
      const tasks = recallsFor(ticket, station !== EXPO)
      if (tasks.length) void told(client.send('recallTicket', { order, tasks }))
    },
    serve(ticket, item) {
      const order = ticket.id
      const items = item ? [handed(item)] : handedFor(drawn.seen(ticket))
      if (!items.length) return
      const sent = client.send('serve', { order, items })
      void pressed.track(serveKey(item?.id ?? order), 'served', errorKey(order), sent)
      if (!item) void tellLeft(ticket, sent)
    },
    fireCourse(ticket, course) {
      const order = ticket.id
      const items = heldFor(drawn.seen(ticket), course)
      if (!items.length) return
      const sent = client.send('fireCourse', { order, course, items })
      void pressed.track(fireKey(order, course), 'fired', errorKey(order), sent)
      void tellLeft(ticket, sent)
    },
  }
}
