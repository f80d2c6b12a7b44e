/** @file Commands as screens of the contract before said them: on a whole ticket, without what it showed. Reads the state. */
import { CONTRACT_VERSION } from '../../../shared/contract/contract.ts'
import type { State } from '../../../shared/domain/apply.ts'
import { EXPO } from '../../../shared/domain/routing.ts'
import {
  answerFor,
  answersFor,
  handed,
  handedFor,
  heldFor,
  recallFor,
  recallsFor,
  startFor,
} from '../../../shared/domain/shown.ts'
import {
  boardOf,
  type ItemView,
  type TaskView,
  type TicketFilter,
  type TicketView,
  ticketOf,
} from '../../../shared/domain/view.ts'

type Args = Record<string, unknown>
/** Completes the arguments from the ticket as it stands here. */
type Completer = (args: Args, ticketOn: (filter: TicketFilter) => TicketView | null) => Args

const at = (station: unknown): TicketFilter => boardOf(station === EXPO ? undefined : String(station))
const OPEN: TicketFilter = { scope: 'open' }

/** Stands where there is nothing to name, so that the core says in its own words why nothing is done. */
const NOBODYS = '00000000-0000-7000-8000-000000000000'
const NO_TASK = { item: NOBODYS, task: 'none', n: 1 }

function some<T>(ticket: TicketView | null, of: (ticket: TicketView) => T[], none: T): T[] {
  const found = ticket ? of(ticket) : []
  return found.length ? found : [none]
}

function onTask(
  args: Args,
  ticket: TicketView | null,
  of: (item: ItemView, task: TaskView) => object,
  unknown: object,
): Args {
  const item = ticket?.items.find(({ id }) => id === args.item)
  const task = item?.tasks.find(({ id }) => id === args.task)
  return { ...args, ...(item && task ? of(item, task) : unknown) }
}

const chosen = ({ items }: TicketView, ids: unknown): ItemView[] =>
  Array.isArray(ids) ? items.filter(({ id }) => ids.includes(id)) : []

/**
 * What these screens asked for was all that stands there when the command arrives, so that is what they get. They show
 * each change within moments, as screens come from their core; only one that was open while its core was updated says so.
 * An order that has left memory they cannot recall until they are loaded again.
 */
const COMPLETERS: Readonly<Record<string, Completer>> = {
  startTask: (args, on) => onTask(args, on(OPEN), startFor, {}),
  bumpTask: (args, on) => onTask(args, on(OPEN), answerFor, { n: 1 }),
  recallTask: (args, on) => onTask(args, on(OPEN), recallFor, { n: 1 }),
  bumpTicket: (args, on) => ({ ...args, tasks: some(on(at(args.station)), answersFor, NO_TASK) }),
  recallTicket: ({ station, ...args }, on) => {
    const ticket = on(station === undefined ? { scope: 'expo' } : at(station))
    return { ...args, tasks: some(ticket, (shown) => recallsFor(shown, station !== undefined), NO_TASK) }
  },
  fireCourse: (args, on) => ({
    ...args,
    items: some(on(OPEN), (ticket) => heldFor(ticket, String(args.course)), NOBODYS),
  }),
  serve: (args, on) => {
    const { items } = args
    const wanted = (ticket: TicketView) =>
      items === undefined ? handedFor(ticket) : chosen(ticket, items).map(handed)
    return { ...args, items: some(on(OPEN), wanted, { item: NOBODYS, n: 1 }) }
  },
}

/** The arguments as this version wants them, of a screen that speaks `version`. */
export function completed(state: State, version: number, name: string, args: unknown): unknown {
  const complete = COMPLETERS[name]
  if (version >= CONTRACT_VERSION || !complete || typeof args !== 'object' || args === null) return args
  const order = state.orders.get(String((args as Args).order))
  const ticketOn = (filter: TicketFilter) => (order ? ticketOf(state.documents, order, filter) : null)
  return complete(args as Args, ticketOn)
}
