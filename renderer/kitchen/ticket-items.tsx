/** @file The items of a ticket, by course, each a button for its next step. Draws only. */
import { useEffect, useRef } from 'react'
import type { ItemView, TaskView, TicketView } from '../../shared/domain/view.ts'
import { type Actions, taskHere, taskKey } from '../shared/board/actions.ts'
import { byCourse } from '../shared/board/courses.ts'
import { useMark } from '../shared/board/pressed.ts'
import { Portions } from '../shared/components/portions.tsx'
import { ItemText } from '../shared/components/ticket-parts.tsx'

interface ItemsProps {
  ticket: TicketView
  cursor: string | null
  stationName: (id: string) => string
  actions: Actions
}

type ItemState = 'held' | 'waiting' | 'confirmed' | 'preparing' | 'ready' | 'off'

function stateOf(ticket: TicketView, item: ItemView, task: TaskView | undefined, mark?: string): ItemState {
  if (item.voided || ticket.cancelled || !task) return 'off'
  if (item.status === 'held') return 'held'
  const status = mark ?? task.status
  if (status === 'confirmed') return task.waiting ? 'waiting' : 'confirmed'
  return status === 'preparing' ? 'preparing' : 'ready'
}

/** The stations whose steps come before this one and are not done. */
function waitsFor(item: ItemView, task: TaskView, stationName: (id: string) => string): string {
  const before = item.tasks.filter(
    (other) => other.step < task.step && (other.status === 'confirmed' || other.status === 'preparing'),
  )
  return [...new Set(before.map((other) => stationName(other.station)))].join(', ')
}

const WORDS = { preparing: '▶ Cooking', ready: '✓ Ready', held: 'HELD' } as const

function Item({ ticket, item, cursor, stationName, actions }: ItemsProps & { item: ItemView }) {
  const task = taskHere(item)
  const mark = useMark(actions.pressed, taskKey(task?.id ?? ''))
  const state = stateOf(ticket, item, task, mark)
  const here = cursor === item.id
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (here) button.current?.scrollIntoView({ block: 'nearest' })
  }, [here])
  const inert = state === 'off' || state === 'held' || state === 'waiting'
  return (
    <button
      type="button"
      ref={button}
      className={here ? `item ${state} cursor` : `item ${state}`}
      data-row=""
      data-item={item.id}
      data-state={state}
      disabled={inert}
      onClick={() => actions.tapItem(ticket, item)}
    >
      <span className="grow">
        <ItemText item={item} />
        <Portions task={task} quantity={item.quantity} />
      </span>
      {state === 'waiting' && task && (
        <span className="item-state">after {waitsFor(item, task, stationName)}</span>
      )}
      {state in WORDS && !task?.made && (
        <span className="item-state">{WORDS[state as keyof typeof WORDS]}</span>
      )}
    </button>
  )
}

export function TicketItems(props: ItemsProps) {
  const courses = byCourse(props.ticket.items)
  return courses.map(({ id, name, items }) => (
    <div key={id} className="course">
      {name && courses.length > 1 && <h3 className="course-name">{name}</h3>}
      {items.map((item) => (
        <Item key={item.id} item={item} {...props} />
      ))}
    </div>
  ))
}
