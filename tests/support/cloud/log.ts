/** @file The cloud in memory: what its database does with the log, the archive and orders of other programs. */
import type {
  CloudAnswer,
  CloudArchivePage,
  CloudConnection,
  CloudEvent,
  CloudPage,
  CloudReport,
  CloudState,
  IntakeRequest,
  Pushed,
} from '../../../main/core/ports.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { failed, ok, said } from './answers.ts'
import type { CloudFaults, Event, FakeDevice, FakeRestaurant, Hint } from './shapes.ts'

export function append(
  to: FakeRestaurant,
  core: string,
  events: readonly Event[],
  faults: CloudFaults,
): CloudAnswer<{ results: Pushed[]; head: number }> {
  const { refuse, spoil, slow } = faults
  if (events.some((event) => spoil?.(event))) return failed('refused', 'The request cannot be read.')
  if (events.some((event) => slow?.(event)))
    return { ok: false, error: { code: 'busy', says: said('Too much to do.'), tooLong: true } }
  const blocked = new Set<string>()
  const added: CloudEvent[] = []
  const results = events.map((event): Pushed => {
    const archived = event.order === null ? [] : (to.archive.get(event.order) ?? [])
    const known = [...to.log, ...archived].find((row) => row.event.id === event.id)
    if (known) return { id: event.id, seq: known.seq }
    const refused =
      event.order !== null && blocked.has(event.order)
        ? { code: 'behind', says: say('cloud.behind') }
        : refuse?.(event)
    if (refused) {
      if (event.order !== null) blocked.add(event.order)
      return { id: event.id, refused }
    }
    const row = { seq: ++to.head, event: structuredClone(event), core }
    to.log.push(row)
    added.push({ seq: row.seq, event: row.event })
    return { id: event.id, seq: row.seq }
  })
  const [first] = added
  if (first) broadcast(to, { first: first.seq, last: to.head, events: added }, faults)
  return ok({ results, head: to.head })
}

function broadcast(to: FakeRestaurant, hint: Hint, { hints }: CloudFaults): void {
  for (const device of to.devices.values()) {
    if (!device.live || device.revoked !== null) continue
    const copies = hints?.(hint, device.id) ?? [hint]
    for (const copy of copies) queueMicrotask(() => device.listener?.grew(structuredClone(copy)))
  }
}

function sameLog({ log, floor }: FakeRestaurant, at: number, held: string | null | undefined): boolean {
  const row = log.find(({ seq }) => seq === at)
  return held == null || (row ? row.event.id === held : at <= floor)
}

export function archivedAfter(
  { archive }: FakeRestaurant,
  { after, until, limit }: { after: number; until: number; limit: number },
): CloudArchivePage {
  const lastOf = (order: { seq: number }[]) => order.at(-1)?.seq ?? 0
  const all = [...archive.values()].filter((order) => lastOf(order) > after && lastOf(order) <= until)
  const some = all.sort((a, b) => lastOf(a) - lastOf(b)).slice(0, limit)
  return {
    events: structuredClone(some.flat().map(({ event }) => event)),
    next: some.length < all.length ? lastOf(some.at(-1) ?? []) : until,
  }
}

function removedOf({ devices }: FakeRestaurant): string[] {
  const all = [...devices.values()]
  const here = new Set(all.filter(({ revoked }) => revoked === null).map(({ core }) => core))
  return [...new Set(all.map(({ core }) => core))].filter((core) => core !== '' && !here.has(core))
}

export function claimIntake(from: FakeRestaurant, limit: number): IntakeRequest[] {
  const claimed = from.intake.filter(({ status }) => status === 'pending').slice(0, limit)
  for (const one of claimed) one.status = 'claimed'
  return claimed.map(({ id, order, by }) => ({ id, order, by }))
}

export function reported(
  to: FakeRestaurant,
  device: FakeDevice,
  { core, version, cursor, event, outbox, parked }: CloudReport,
  { now, ahead }: { now: number; ahead: number },
): CloudAnswer<CloudState> {
  Object.assign(device, { core, version, outbox, parked, lastSeen: now })
  const { head, name } = to
  const intake = to.intake.filter(({ status }) => status === 'pending').length
  const { letter } = device
  const same = sameLog(to, cursor, event)
  const removed = removedOf(to)
  return ok({ head, same, now: now + ahead, intake, name, letter, removed })
}

/** A page of the log. */
export function page(
  to: FakeRestaurant,
  { after, event: held, limit, core }: Parameters<CloudConnection['pull']>[0],
): CloudAnswer<CloudPage> {
  const { head, floor } = to
  if (!sameLog(to, after, held)) return ok({ events: [], next: after, head, floor, last: null, same: false })
  const rows = to.log.filter(({ seq }) => seq > after).slice(0, limit)
  const next = rows.length === limit ? (rows.at(-1)?.seq ?? after) : Math.max(after, to.head)
  const events = rows
    .filter((row) => row.core !== core)
    .map(({ seq, event }) => ({ seq, event: structuredClone(event) }))
  const last = rows.find(({ seq }) => seq === next)?.event.id ?? null
  return ok({ events, next, head, floor, last, same: true })
}
