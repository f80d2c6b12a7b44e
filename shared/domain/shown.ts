/** @file What a ticket showed, as a command says it: exactly what stood there, and nothing that came since. Pure. */
import type { CommandInput } from './commands.ts'
import type { ItemView, TaskView, TicketView } from './view.ts'

export type Answer = CommandInput<'bumpTicket'>['tasks'][number]
export type Recalled = CommandInput<'recallTicket'>['tasks'][number]
export type Handed = CommandInput<'serve'>['items'][number]

/** Whether something of a task is still to be made. */
export const isOpen = (task: TaskView): boolean => task.status === 'confirmed' || task.status === 'preparing'

const seen = ({ shown }: ItemView) => (shown ? { saw: shown } : {})

/** That this line is begun at this task. */
export const startFor = (item: ItemView, task: TaskView) => ({ item: item.id, task: task.id, ...seen(item) })

/** The answer that all of this line is made at this task. */
export const answerFor = (item: ItemView, task: TaskView): Answer => ({
  item: item.id,
  task: task.id,
  n: item.quantity,
  ...seen(item),
})

/** What a bump of the whole ticket finishes: the open tasks of this screen that wait for no other. */
export function answersFor(ticket: TicketView): Answer[] {
  return ticket.items
    .filter((item) => !item.voided && item.status !== 'held')
    .flatMap((item) =>
      item.tasks
        .filter((task) => task.here && !task.waiting && isOpen(task))
        .map((task) => answerFor(item, task)),
    )
}

/** The recall of a task: of all that is made of it, or of nothing where it was only begun. */
export const recallFor = (item: ItemView, task: TaskView): Recalled => ({
  item: item.id,
  task: task.id,
  n: isOpen(task) ? (task.made ?? 0) : item.quantity,
  ...seen(item),
})

/** What a recall of the whole ticket brings back: all that is done, with `here` what this screen has done. */
export function recallsFor(ticket: TicketView, here: boolean): Recalled[] {
  return ticket.items
    .filter((item) => !item.voided)
    .flatMap((item) =>
      item.tasks.filter((task) => (task.here || !here) && !isOpen(task)).map((task) => recallFor(item, task)),
    )
}

export const handed = (item: ItemView): Handed => ({ item: item.id, n: item.quantity, ...seen(item) })

/** What can be handed over. */
export const handedFor = (ticket: TicketView): Handed[] =>
  ticket.items.filter((item) => item.status === 'ready').map(handed)

/** What is held for a course. */
export const heldFor = (ticket: TicketView, course: string): string[] =>
  ticket.items.filter((item) => item.status === 'held' && item.course?.id === course).map(({ id }) => id)
