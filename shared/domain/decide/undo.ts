/** @file The rule for taking a press back. Pure. */
import type { State } from '../apply.ts'
import type { CommandArgs } from '../commands.ts'
import { fail } from '../errors.ts'
import { RANK, type TaskDef } from '../events.ts'
import type { ItemState } from '../order.ts'
import { type Pressed, pressesOn } from '../presses.ts'
import { maySend } from '../rights.ts'
import { type Context, type Decision, decided, liveOrder, recorder } from './context.ts'

interface Deed {
  item: ItemState
  task: TaskDef
  press: Pressed
}

const deedsOn = (item: ItemState): Deed[] =>
  (item.added?.tasks ?? []).flatMap((task) =>
    pressesOn(item, task.id).map((press) => ({ item, task, press })),
  )

/** Whether the dish has gone on from this press: handed out, recalled, or worked on in a later step. */
function wentOn({ item, task, press }: Deed): boolean {
  return deedsOn(item).some(({ task: other, press: { rank, stamp } }) => {
    if (stamp <= press.stamp) return false
    return rank === RANK.served || other.step > task.step || (other.id === task.id && rank === RANK.confirmed)
  })
}

/**
 * Takes a start, a bump or a serve back: marks and ages are as before, and somebody else's same press counts. Refused once
 * the dish has gone on from there, which a recall is for.
 */
export function undo(
  state: State,
  command: { id: string },
  args: CommandArgs<'undo'>,
  ctx: Context,
): Decision {
  const order = liveOrder(state, args.order)
  if (!order.ok) return order
  const wanted = new Set(args.deeds)
  const found = Object.values(order.value.items)
    .flatMap(deedsOn)
    .filter(({ press }) => wanted.has(press.stamp) && press.rank > RANK.confirmed)
  const record = recorder(ctx, command, order.value)
  if (!found.length) return decided(record, { done: 0 })
  const served = found.some(({ press }) => press.rank === RANK.served)
  if (!maySend(ctx.roles, served ? 'serve' : 'bumpTask'))
    return fail('notAllowed', { why: 'command', command: 'undo' })
  if (found.some(wentOn)) return fail('nothingToDo', { why: 'notUndoable' }, 'deeds')
  const deeds = [...new Set(found.map(({ press }) => press.stamp))]
  record.add('deeds.undone', { items: [...new Set(found.map(({ item }) => item.id))], deeds }, ['undo'])
  return decided(record, { done: deeds.length })
}
