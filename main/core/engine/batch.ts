/** @file One group commit in the making: decides commands and merges foreign events on a draft, and writes down all of it. */

import type { CommandAnswer } from '../../../shared/contract/contract.ts'
import { apply, applyRead, type State } from '../../../shared/domain/apply.ts'
import { type Command, type CommandName, commandSchemas, MAX_ITEMS } from '../../../shared/domain/commands.ts'
import { decide } from '../../../shared/domain/decide/index.ts'
import { fail, messageOf, type Outcome } from '../../../shared/domain/errors.ts'
import { type Envelope, type PlateEvent, parseEvent } from '../../../shared/domain/events.ts'
import { issueOf } from '../../../shared/domain/issues.ts'
import type { StampClock } from '../../../shared/domain/stamp.ts'
import type { Actor } from '../actor.ts'
import type { AuditEntry, Garbage, LogEntry, Receipt } from '../ports.ts'
import { dayAt } from '../time.ts'
import { createMerges, type Merges, merge } from './merging.ts'
import { type Borne, type Numbering, nextNumber, noteNumber } from './numbers.ts'

/** A command as it came from a screen: not yet validated. */
export interface Submitted {
  id: string
  name: CommandName
  args: unknown
  actor: Actor
}
export type CommandOutcome = Outcome<CommandAnswer>

/** Its counters are a copy, adopted on commit. */
export interface BatchContext extends Numbering {
  now: number
  device: string
  stamps: StampClock
  /** What a PC (its core id) is called. */
  nameOf(core: string): string
  uuid(): string
  borne: Borne
}

/** What one command led to. */
export interface Result {
  submitted: Submitted
  outcome: CommandOutcome
  receipt: Receipt
}

/** Everything a batch gathers until it is committed. */
export interface Batch {
  draft: State
  entries: LogEntry[]
  garbage: Garbage[]
  audit: AuditEntry[]
  results: Result[]
  merges: Merges
}

/** Arguments longer than this are cut in the audit log: it tells what was asked, it is not a second order log. */
const AUDIT_ARGS = 2_000

/** Starts an empty batch on a draft. */
export function createBatch(draft: State): Batch {
  return { draft, entries: [], garbage: [], audit: [], results: [], merges: createMerges() }
}

function parse(submitted: Submitted): Outcome<Command> {
  const { id, name } = submitted
  const parsed = commandSchemas[name].safeParse(submitted.args)
  if (parsed.success) return { ok: true, value: { id, name, args: parsed.data } as Command }
  const error = issueOf(parsed.error)
  const tooMany = error.at === 'items' && parsed.error.issues[0]?.code === 'too_big'
  return tooMany ? fail('tooLarge', { why: 'order', most: MAX_ITEMS }, 'items') : { ok: false, error }
}

/** Decides one command on the batch's draft. */
export function addCommand(batch: Batch, submitted: Submitted, ctx: BatchContext): void {
  const { draft } = batch
  const day = dayAt(ctx.now, draft.documents.settings.body)
  const command = parse(submitted)
  const decision = command.ok
    ? decide(draft, command.value, {
        now: ctx.now,
        day,
        roles: submitted.actor.roles,
        staff: submitted.actor.staff,
        training: submitted.actor.training === true,
        device: ctx.device,
        eventId: ctx.uuid,
        stamp: (above) => ctx.stamps.next(ctx.now, above),
        ticketNumber: () => nextNumber(ctx, day, ctx.borne(day, draft)),
      })
    : command
  if (decision.ok) for (const event of decision.value.events) addOwn(batch, event)
  const outcome: CommandOutcome = decision.ok ? { ok: true, value: decision.value.value } : decision
  const receipt = { command: submitted.id, at: ctx.now, outcome } as Receipt
  batch.results.push({ submitted, outcome, receipt })
  batch.audit.push(auditOf(draft, submitted, outcome, ctx.now))
}

function addOwn(batch: Batch, event: PlateEvent): void {
  apply(batch.draft, event)
  batch.entries.push({ event, applied: true, source: null })
}

function orderOf(args: unknown): string | null {
  const order = (args as { order?: unknown } | null)?.order
  return typeof order === 'string' ? order.slice(0, 64) : null
}

function auditOf(draft: State, submitted: Submitted, outcome: CommandOutcome, at: number): AuditEntry {
  const { id, name, args, actor } = submitted
  const order = orderOf(args)
  return {
    at,
    command: id,
    name,
    order,
    number: (order && draft.orders.get(order)?.opened?.number) || null,
    staff: actor.staff,
    device: actor.device,
    outcome: outcome.ok ? 'ok' : outcome.error.code,
    says: outcome.ok ? null : messageOf(outcome.error),
    args: name === 'publishDocument' ? documentArgs(args) : argsText(args).slice(0, AUDIT_ARGS),
  }
}

/** Arguments nobody has validated may be nested deeper than they can be written down again. */
function argsText(args: unknown): string {
  try {
    return JSON.stringify(args ?? null)
  } catch {
    return '"unreadable"'
  }
}

/** Documents are in the event log in full, and the staff list holds PIN hashes: the audit only names them. */
function documentArgs(args: unknown): string {
  const { name, base } = (args ?? {}) as { name?: unknown; base?: unknown }
  return argsText({ name, base }).slice(0, AUDIT_ARGS)
}

/**
 * Merges events another core decided; what they were in conflict with goes into the audit trail. What cannot be read is kept
 * raw. Returns how many were not even events, and how far (ms) each device's newest stamp runs ahead of this core's clock (0 when within bounds).
 */
export function addForeign(
  batch: Batch,
  raw: readonly unknown[],
  source: string,
  ctx: BatchContext,
): { refused: number; ahead: Map<string, number> } {
  let refused = 0
  const ahead = new Map<string, number>()
  for (const one of raw) {
    const parsed = parseEvent(one)
    if (parsed.as === 'garbage') {
      refused++
      batch.garbage.push({ source, raw: one })
      continue
    }
    const { event } = parsed
    ahead.set(event.device, Math.max(ahead.get(event.device) ?? 0, ctx.stamps.seen(event.stamp, ctx.now)))
    if (parsed.as === 'event') {
      if (parsed.event.kind === 'order.opened')
        noteNumber(ctx, parsed.event.data.day, parsed.event.data.number)
      merge(batch, parsed, ctx)
    } else applyRead(batch.draft, parsed)
    const part = parsed.as === 'event' && (parsed.part || parsed.lacks.length > 0)
    batch.entries.push({ event, applied: parsed.as === 'event', ...(part && { part }), source })
  }
  return { refused, ahead }
}

/**
 * Ids of the orders that commands and foreign events name, as far as they look like ids. Not of those that are being
 * placed: they are almost always new, and the commit finds the exceptions.
 */
export function ordersNamed(submitted: readonly Submitted[], foreign: readonly unknown[]): Set<string> {
  const ids = new Set<string>()
  for (const { args, name } of submitted) {
    const id = name === 'placeOrder' ? null : orderOf(args)
    if (id) ids.add(id)
  }
  for (const event of foreign) {
    const id = orderOf(event as Envelope)
    if (id) ids.add(id)
  }
  return ids
}
