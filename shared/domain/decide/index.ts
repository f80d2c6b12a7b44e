/** @file decide: the one place where a command becomes events or a refusal. Pure. */
import type { State } from '../apply.ts'
import type { Command, CommandArgs, CommandName } from '../commands.ts'
import { fail } from '../errors.ts'
import { maySend } from '../rights.ts'
import * as bumping from './bumping.ts'
import type { Context, Decision } from './context.ts'
import * as orders from './orders.ts'
import * as recalls from './recalls.ts'
import * as restaurant from './restaurant.ts'
import * as serving from './serving.ts'
import * as undoing from './undo.ts'

type Rule<N extends CommandName> = (
  state: State,
  command: { id: string },
  args: CommandArgs<N>,
  ctx: Context,
) => Decision

/** A rule is the function of the command's name in one of these files. */
const rules: { [N in CommandName]: Rule<N> } = {
  ...orders,
  ...bumping,
  ...recalls,
  ...serving,
  ...undoing,
  ...restaurant,
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
