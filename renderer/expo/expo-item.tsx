/** @file One item at the pass: its stations' states, an alarm when no station shows it, and handing it out. Draws only. */
import { Fragment } from 'react'
import type { ItemView, TaskView, TicketView } from '../../shared/domain/view.ts'
import { type Actions, serveKey, taskKey } from '../shared/board/actions.ts'
import { useMark } from '../shared/board/pressed.ts'
import { Portions } from '../shared/components/portions.tsx'
import { ItemText } from '../shared/components/ticket-parts.tsx'

interface ItemProps {
  ticket: TicketView
  item: ItemView
  stationName: (id: string) => string
  actions: Actions
}

const SIGNS = { confirmed: '…', preparing: '▶', ready: '✓', served: '✓' } as const
const WORDS = { confirmed: 'to do', preparing: 'cooking', ready: 'ready', served: 'served' } as const

function TaskState({ task, stationName }: { task: TaskView; stationName: ItemProps['stationName'] }) {
  return (
    <span className={`task ${task.status}`} data-task={task.id}>
      {task.orphan ? <b className="orphan">⚠ No screen</b> : stationName(task.station)} {SIGNS[task.status]}{' '}
      {WORDS[task.status]}
    </span>
  )
}

/** Work that no station shows is started and finished here. */
function OrphanBump({ ticket, item, actions }: Omit<ItemProps, 'stationName'>) {
  const task = item.tasks.find(
    (each) => each.here && (each.status === 'confirmed' || each.status === 'preparing'),
  )
  const mark = useMark(actions.pressed, taskKey(task?.id ?? ''))
  if (!task || item.status === 'held' || ticket.cancelled || item.voided) return null
  return (
    <button
      type="button"
      className="button bump"
      aria-label={`Bump ${item.name}`}
      disabled={mark !== undefined}
      onClick={() => actions.bumpItem(ticket, item)}
    >
      Bump
    </button>
  )
}

function ServeItem({ ticket, item, actions }: Omit<ItemProps, 'stationName'>) {
  const mark = useMark(actions.pressed, serveKey(item.id))
  if (item.status !== 'ready' || ticket.cancelled) return null
  return (
    <button
      type="button"
      className="button go"
      aria-label={`Serve ${item.name}`}
      disabled={mark !== undefined}
      onClick={() => actions.serve(ticket, item)}
    >
      Serve
    </button>
  )
}

export function ExpoItem(props: ItemProps) {
  const { item, stationName } = props
  return (
    <div className={`item ${item.status}`} data-row="" data-item={item.id} data-state={item.status}>
      <span className="grow">
        <ItemText item={item} />
        <span className="tasks">
          {item.status === 'held' && <span className="task">HELD</span>}
          {item.status !== 'held' &&
            !item.voided &&
            item.tasks.map((task) => (
              <Fragment key={task.id}>
                <TaskState task={task} stationName={stationName} />
                <Portions task={task} quantity={item.quantity} />
              </Fragment>
            ))}
        </span>
      </span>
      <OrphanBump {...props} />
      <ServeItem {...props} />
    </div>
  )
}
