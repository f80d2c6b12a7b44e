/** @file Rights: which roles may send which command and make which read, and whose orders a screen shows. The one place for them. Pure. */
import type { CommandName } from './commands.ts'
import { type Role, SCREEN_ROLE, type ScreenKind, STAFF_ROLES } from './roles.ts'
import { boardOf, type TicketFilter } from './view.ts'

const FLOOR: readonly Role[] = ['server', 'host', 'expo', 'manager', 'admin']
const KITCHEN: readonly Role[] = ['cook', 'expo', 'manager', 'admin']
const PASS: readonly Role[] = ['server', 'host', 'expo', 'manager', 'admin']
const MANAGERS: readonly Role[] = ['manager', 'admin']
/** Everybody but other Plate PCs, which exchange events and see no boards. */
const SCREENS: readonly Role[] = [...STAFF_ROLES, 'device']

/** Roles allowed to send each command. A command that is not here cannot exist: the type is total. */
export const COMMAND_RIGHTS: Readonly<Record<CommandName, readonly Role[]>> = {
  placeOrder: FLOOR,
  addItems: FLOOR,
  changeItem: FLOOR,
  splitItem: FLOOR,
  voidItem: FLOOR,
  cancelOrder: ['host', 'server', 'manager', 'admin'],
  changeOrder: FLOOR,
  fireCourse: FLOOR,
  fireItems: FLOOR,
  startTask: KITCHEN,
  bumpTask: KITCHEN,
  bumpTicket: KITCHEN,
  recallTask: KITCHEN,
  recallTicket: KITCHEN,
  serve: PASS,
  /** Whoever may do a deed may take it back; {@link ./decide/undo.ts} looks which it is. */
  undo: [...new Set([...KITCHEN, ...PASS])],
  acknowledge: KITCHEN,
  setStock: ['cook', 'expo', 'host', 'manager', 'admin'],
  publishDocument: MANAGERS,
}

/** Reads, and the roles that may make them. Which tickets `tickets`, `recentTickets` and `order` show is {@link maySee}'s to say. */
export const READ_RIGHTS = {
  tickets: STAFF_ROLES,
  documents: SCREENS,
  stock: SCREENS,
  status: SCREENS,
  recentTickets: STAFF_ROLES,
  order: FLOOR,
  audit: MANAGERS,
  devices: MANAGERS,
  pairing: MANAGERS,
  ticketTimes: MANAGERS,
  backups: MANAGERS,
  /** Connecting the restaurant to Supabase, and what waits there for a person. */
  cloud: MANAGERS,
  /** Raw events, both ways. */
  peer: ['peer'],
} satisfies Record<string, readonly Role[]>
export type ReadName = keyof typeof READ_RIGHTS

/** Whether any of `roles` may send `command`. */
export function maySend(roles: readonly Role[], command: CommandName): boolean {
  return COMMAND_RIGHTS[command].some((role) => roles.includes(role))
}

/** Whether any of `roles` may make this read. */
export function mayRead(roles: readonly Role[], read: ReadName): boolean {
  return (READ_RIGHTS[read] as readonly Role[]).some((role) => roles.includes(role))
}

/** Who looks at a screen. */
export interface Viewer {
  screen: ScreenKind
  /** The station that this screen was paired for and is bound to; null: it may choose, as this machine's own windows do. */
  station: string | null
  /** Role of the person who is signed in at it; null: nobody is. */
  person: Role | null
}

/** The roles of a screen and of the person signed in at it. */
export function rolesOf({ screen, person }: Pick<Viewer, 'screen' | 'person'>): Role[] {
  return person ? [SCREEN_ROLE[screen], person] : [SCREEN_ROLE[screen]]
}

/**
 * Whether these tickets are for this viewer:
 *
 * | scope | what it shows | for whom |
 * |---|---|---|
 * | `open` | every order, with prices | a server, host, expo or manager who is signed in; no screen by itself |
 * | `expo` | every ticket, without prices | those, and screens of the expo |
 * | `station` | one station's work | those, and cooks and kitchen screens: all stations, or the one a screen is bound to |
 */
export function maySee(viewer: Viewer, filter: TicketFilter): boolean {
  const { person, station } = viewer
  if (filter.scope === 'open') return person !== null && FLOOR.includes(person)
  const roles = rolesOf(viewer)
  if (roles.some((role) => FLOOR.includes(role))) return true
  if (filter.scope === 'expo') return false
  return roles.includes('cook') && (station === null || station === filter.station)
}

/** The tickets a read shows, by its arguments; null when it shows none. */
function ticketsOf(read: ReadName, args: unknown): TicketFilter | null {
  if (read === 'tickets') return args as TicketFilter
  if (read === 'recentTickets') return boardOf((args as { station?: string }).station)
  return read === 'order' ? { scope: 'open' } : null
}

/** Whether `viewer` may make this read with these (valid) arguments; a read of null is for every screen. */
export function mayAsk(viewer: Viewer, read: ReadName | null, args: unknown): boolean {
  const roles = rolesOf(viewer)
  if (read === null) return roles.some((role) => SCREENS.includes(role))
  const shown = ticketsOf(read, args)
  return mayRead(roles, read) && (shown === null || maySee(viewer, shown))
}
