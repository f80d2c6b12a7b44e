/** @file decide: the one place where a command becomes events or a refusal. Pure. */
import type { State } from '../apply.ts'
import type { Command, CommandArgs, CommandName } from '../commands.ts'
import { fail } from '../errors.ts'
import { maySend } from '../rights.ts'
import type { Context, Decision } from './context.ts'
import * as orders from './orders.ts'
import * as restaurant from './restaurant.ts'
import * as tasks from './tasks.ts'

type Rule<N extends CommandName> = (
  state: State,
  command: { id: string },
  args: CommandArgs<N>,
  ctx: Context,
) => Decision

const rules: { [N in CommandName]: Rule<N> } = {
  placeOrder: orders.placeOrder,
  addItems: orders.addItems,
  changeItem: orders.changeItem,
  splitItem: orders.splitItem,
  voidItem: orders.voidItem,
  cancelOrder: orders.cancelOrder,
  changeOrder: orders.changeOrder,
  fireCourse: orders.fireCourse,
  fireItems: orders.fireItems,
  startTask: tasks.startTask,
  bumpTask: tasks.bumpTask,
  bumpTicket: tasks.bumpTicket,
  recallTask: tasks.recallTask,
  recallTicket: tasks.recallTicket,
  serve: tasks.serve,
  acknowledge: tasks.acknowledge,
  setStock: restaurant.setStock,
  publishDocument: restaurant.publishDocument,
}

/**
 * Decides a command whose arguments have passed their schema. Never changes `state` and never throws for anything a
 * person can do: refusals are values from the closed list of {@link ../errors.ts}.
 */
export function decide(state: State, command: Command, ctx: Context): Decision {
  if (!maySend(ctx.roles, command.name)) {
    const anonymous = ctx.staff === null
    return anonymous ? fail('signInNeeded') : fail('notAllowed', { why: 'command', command: command.name })
  }
  return rule(command.name)(state, command, command.args, ctx)
}

function rule<N extends CommandName>(name: N): Rule<CommandName> {
  return rules[name] as Rule<CommandName>
}
