/** @file Rules for the 86 list and the versioned documents. Pure. */
import type { State } from '../apply.ts'
import type { CommandArgs } from '../commands.ts'
import { businessDay } from '../day.ts'
import {
  type DocumentBodies,
  type DocumentName,
  documentSchemas,
  type Menu,
  type Settings,
  type Staff,
} from '../documents.ts'
import { type FailureParams, fail, type Outcome, ok } from '../errors.ts'
import { issueOf } from '../issues.ts'
import { storable } from '../keys.ts'
import { money } from '../money.ts'
import { type Context, type Decision, decided, recorder } from './context.ts'

interface Id {
  id: string
}

export function setStock(state: State, command: Id, args: CommandArgs<'setStock'>, ctx: Context): Decision {
  const known = state.stock.get(args.menuItem)
  const onMenu = state.documents.menu.body.items.some((item) => item.id === args.menuItem)
  if (!onMenu && !known) return fail('unknownMenuItem', { why: 'stock' }, 'menuItem')
  const record = recorder(ctx, command, null, known?.stamp)
  if ((known?.out ?? false) !== args.out) record.add('stock.set', { menuItem: args.menuItem, out: args.out })
  return decided(record)
}

function duplicate(ids: readonly string[]): string | undefined {
  return ids.find((id, index) => ids.indexOf(id) !== index)
}

function checkMenu(menu: Menu): FailureParams<'invalid'> | undefined {
  const categories = new Set(menu.categories.map((category) => category.id))
  const groups = new Set(menu.modifierGroups.map((group) => group.id))
  const twice =
    duplicate(menu.items.map((item) => item.id)) ??
    duplicate([...menu.categories.map((category) => category.id)]) ??
    duplicate(menu.modifierGroups.map((group) => group.id))
  if (twice !== undefined) return { why: 'twice', id: twice }
  for (const item of menu.items) {
    if (!categories.has(item.category)) return { why: 'noCategory', dish: item.name }
    if (item.modifierGroups.some((group) => !groups.has(group)))
      return { why: 'noModifierGroup', dish: item.name }
  }
  return undefined
}

function checkZone(zone: string): FailureParams<'invalid'> | undefined {
  try {
    businessDay(0, zone, 0)
    return undefined
  } catch {
    return { why: 'timeZone', zone }
  }
}

/** A currency or locale that cannot be formatted would break every screen that shows a price. */
function checkSettings(settings: Settings): FailureParams<'invalid'> | undefined {
  try {
    money(0, settings.currency, settings.locale)
  } catch {
    return { why: 'money', currency: settings.currency, locale: settings.locale }
  }
  return checkZone(settings.timeZone)
}

function checkBody<N extends DocumentName>(
  name: N,
  body: DocumentBodies[N],
): FailureParams<'invalid'> | undefined {
  if (name === 'menu') return checkMenu(body as DocumentBodies['menu'])
  if (name === 'settings') return checkSettings(body as Settings)
  if (name === 'staff') {
    const { members } = body as Staff
    const twice = duplicate(members.map((member) => member.id))
    if (twice !== undefined) return { why: 'twice', id: twice }
    const managed = members.some(
      (member) => member.active && (member.role === 'manager' || member.role === 'admin'),
    )
    return managed ? undefined : { why: 'noManager' }
  }
  const ids =
    name === 'floor'
      ? (body as DocumentBodies['floor']).tables
      : (body as DocumentBodies['stations']).stations
  const twice = duplicate(ids.map((entry) => entry.id))
  return twice === undefined ? undefined : { why: 'twice', id: twice }
}

/** Screens never get PIN hashes, so a staff list edited on one comes without them: those who keep their PIN keep its hash. */
function keepPins(state: State, body: Staff): Staff {
  const known = state.documents.staff.body
  const hashes = new Map(known.members.map((member) => [member.id, member.pinHash]))
  const members = body.members.map((shown) => {
    // What screens are told of a PIN is no part of the document.
    const { hasPin: _, ...member } = shown as typeof shown & { hasPin?: boolean }
    const pinHash = member.pinHash ?? hashes.get(member.id)
    return pinHash === undefined ? member : { ...member, pinHash }
  })
  return { ...body, salt: body.salt || known.salt, members }
}

/** The document `raw` with all its members, if it may be published. `fill` completes it before it is looked at as a whole. */
export function checkDocument(
  name: DocumentName,
  raw: unknown,
  fill = (body: DocumentBodies[DocumentName]) => body,
): Outcome<DocumentBodies[DocumentName]> {
  const parsed = documentSchemas[name].safeParse(raw)
  if (!parsed.success) return { ok: false, error: issueOf(parsed.error, 'body') }
  // What came, not what the schema returns: members that only a later version knows stay on it.
  const body = fill(raw as DocumentBodies[DocumentName])
  const wrong = checkBody(name, body)
  return wrong === undefined ? ok(body) : fail('invalid', wrong, 'body')
}

export function publishDocument(
  state: State,
  command: Id,
  args: CommandArgs<'publishDocument'>,
  ctx: Context,
): Decision {
  const known = state.documents[args.name]
  if (args.base !== known.version) {
    return fail('staleDocument', {}, 'base')
  }
  const body = checkDocument(args.name, storable(args.body), (read) =>
    args.name === 'staff' ? keepPins(state, read as Staff) : read,
  )
  if (!body.ok) return body
  const record = recorder(ctx, command, null, known.stamp)
  record.add('document.published', { name: args.name, version: known.version + 1, body: body.value })
  return decided(record, { version: known.version + 1 })
}
