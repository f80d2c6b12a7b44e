/** @file Rights: which roles may send which command and make which read. The one place for them. Pure. */
import type { CommandName } from './commands.ts'
import { ROLES, type Role } from './roles.ts'

const FLOOR: readonly Role[] = ['server', 'host', 'expo', 'manager', 'admin']
const KITCHEN: readonly Role[] = ['cook', 'expo', 'manager', 'admin']
const PASS: readonly Role[] = ['server', 'host', 'expo', 'manager', 'admin']
const MANAGERS: readonly Role[] = ['manager', 'admin']

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
  acknowledge: KITCHEN,
  setStock: ['cook', 'expo', 'host', 'manager', 'admin'],
  publishDocument: MANAGERS,
}

/** Reads beyond the boards, and the roles that may make them. */
export const READ_RIGHTS = {
  tickets: ROLES,
  documents: ROLES,
  stock: ROLES,
  status: ROLES,
  recentTickets: ROLES,
  order: FLOOR.concat('cook'),
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
