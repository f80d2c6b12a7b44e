/** @file A core for component tests: the real rules over a memory port, in the page, with its faults at the test's command. */
import demo from '../../resources/demo-restaurant.json' with { type: 'json' }
import { type Client, createClient } from '../../shared/client/client.ts'
import {
  CONTRACT_VERSION,
  type DeviceRow,
  type Person,
  queries,
  type StatusTopics,
  type StreamName,
  streams,
} from '../../shared/contract/contract.ts'
import type { Port } from '../../shared/contract/port.ts'
import type { ServerFrame } from '../../shared/contract/wire.ts'
import { apply, type Documents, emptyState } from '../../shared/domain/apply.ts'
import { type CommandInput, type CommandName, commandSchemas } from '../../shared/domain/commands.ts'
import { decide } from '../../shared/domain/decide/index.ts'
import { type DocumentName, documentSchemas } from '../../shared/domain/documents.ts'
import { type Failure, fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import { issueOf } from '../../shared/domain/issues.ts'
import { mayAsk, type ReadName, rolesOf } from '../../shared/domain/rights.ts'
import type { Role, ScreenKind } from '../../shared/domain/roles.ts'
import { createStampClock } from '../../shared/domain/stamp.ts'
import { uuidv7 } from '../../shared/domain/uuid.ts'
import { type TicketFilter, ticketOf, view } from '../../shared/domain/view.ts'

type Frame = Record<string, unknown> & { t: string; i: number }
type Items = Map<string, { text: string; value: unknown }>

const PINS: Record<string, Person> = {
  '1111': { id: 'ana', name: 'Ana', role: 'server' },
  '3333': { id: 'cem', name: 'Cem', role: 'cook' },
  '4444': { id: 'dora', name: 'Dora', role: 'expo' },
  '9999': { id: 'farah', name: 'Farah', role: 'manager' },
}

export interface SentCommand {
  name: CommandName
  args: Record<string, unknown>
}

const newId = () => uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)))

function demoDocuments(): Documents {
  const documents = emptyState().documents
  const bodies = demo as Record<string, unknown>
  const entries = (Object.keys(documents) as DocumentName[]).map((name) => [
    name,
    { version: 1, stamp: '', body: documentSchemas[name].parse(bodies[name]) },
  ])
  return Object.fromEntries(entries) as Documents
}

/** A core and the faults a test can put into it. */
export function createFakeCore() {
  const state = emptyState()
  state.documents = demoDocuments()
  const stamps = createStampClock('fake')
  const connections = new Set<Connection>()
  const log: SentCommand[] = []
  const status: Partial<StatusTopics> = {
    core: { name: 'Kitchen PC', version: '1.0.0', training: false, startedAt: Date.now() },
    lan: { on: false, addresses: [], fingerprint: null },
  }
  const canned: Record<string, (args: Record<string, unknown>) => Outcome<unknown>> = {}
  const refusals: Failure[] = []
  let numbers = 0
  let skew = 0
  let reachable = true
  let silent = false
  let holding: (() => void)[] | null = null

  const now = () => Date.now() + skew

  function run<N extends CommandName>(
    name: N,
    args: CommandInput<N>,
    roles: readonly Role[],
    staff: Person | null,
  ) {
    const parsed = commandSchemas[name].safeParse(args)
    if (!parsed.success) return { ok: false, error: issueOf(parsed.error) } as const
    const decision = decide(state, { id: newId(), name, args: parsed.data } as never, {
      now: now(),
      day: '2026-11-20',
      roles,
      staff: staff ? { id: staff.id, name: staff.name } : null,
      device: 'fake',
      eventId: newId,
      stamp: (above) => stamps.next(now(), above),
      ticketNumber: () => String(++numbers),
    })
    if (!decision.ok) return decision
    for (const event of decision.value.events) apply(state, event)
    for (const connection of connections) connection.publish()
    return ok(decision.value.value)
  }

  function tickets(filter: TicketFilter): [string, unknown][] {
    return [...state.orders.values()].flatMap((order) => {
      const ticket = view(state.documents, order, filter)
      return ticket ? [[order.id, ticket] as [string, unknown]] : []
    })
  }
  function collection(stream: string, args: unknown): [string, unknown][] {
    if (stream === 'tickets') return tickets(args as TicketFilter)
    if (stream === 'documents')
      return Object.entries(state.documents).map(([name, { version, body }]) => [
        name,
        { name, version, body },
      ])
    if (stream === 'stock') return [...state.stock].map(([id, { out }]) => [id, { out }])
    return Object.entries(status).flatMap(([topic, value]) =>
      value === undefined ? [] : [[topic, { topic, value }] as [string, unknown]],
    )
  }

  function recent({ station }: { station?: string }) {
    const filter: TicketFilter = station ? { scope: 'station', station } : { scope: 'open' }
    return [...state.orders.values()]
      .filter((order) => view(state.documents, order, filter) === null)
      .flatMap((order) => ticketOf(state.documents, order, filter) ?? [])
      .map((ticket) => ({ ticket, doneAt: now() }))
  }

  type Connection = ReturnType<typeof connection>
  function connection(receive: (frame: string) => void) {
    const subs = new Map<number, { s: string; a: unknown; sent: Items }>()
    let kind: ScreenKind = 'console'
    let person: Person | null = null
    const say = (frame: ServerFrame) => {
      if (!silent) receive(JSON.stringify(frame))
    }
    const viewer = () => {
      const bound = state.documents.stations.body.stations.find(({ id }) => id === paired.station)
      return { screen: kind, station: bound?.id ?? null, person: person?.role ?? null }
    }
    const roles = (): Role[] => rolesOf(viewer())
    function refusal(read: ReadName, args: unknown) {
      if (mayAsk(viewer(), read, args)) return null
      return person ? fail('notAllowed', { why: 'role' }) : fail('signInNeeded')
    }
    /** Streams that are not for whoever is here now end. */
    function checkRights(): void {
      for (const [i, { s, a }] of subs) {
        const refused = refusal(streams[s as StreamName].read, a)
        if (!refused) continue
        subs.delete(i)
        say({ t: 'end', i, e: refused.error })
      }
    }
    const items = (s: string, a: unknown): Items =>
      new Map(collection(s, a).map(([key, value]) => [key, { text: JSON.stringify(value), value }]))

    function publish(): void {
      for (const [i, sub] of subs) {
        const next = items(sub.s, sub.a)
        const pairs = [...next]
        const entered = pairs.filter(([key]) => !sub.sent.has(key))
        const changed = pairs.filter(
          ([key, { text }]) => sub.sent.has(key) && sub.sent.get(key)?.text !== text,
        )
        const out = [...sub.sent.keys()].filter((key) => !next.has(key))
        sub.sent = next
        const values = (list: typeof pairs) =>
          list.map(([key, { value }]) => [key, value] as [string, unknown])
        if (entered.length + changed.length + out.length)
          say({ t: 'batch', i, c: 'x', in: values(entered), put: values(changed), out })
      }
    }
    function answer(frame: Frame): void {
      const outcome = method(String(frame.m), (frame.a ?? {}) as Record<string, unknown>)
      const reply = () =>
        say(
          outcome.ok
            ? { t: 'reply', i: frame.i, ok: true, v: outcome.value }
            : { t: 'reply', i: frame.i, ok: false, e: outcome.error },
        )
      reply()
    }
    function method(name: string, args: Record<string, unknown>): Outcome<unknown> {
      if (name in commandSchemas) {
        log.push({ name: name as CommandName, args })
        const refusal = refusals.shift()
        if (refusal) return { ok: false, error: refusal }
        return run(name as CommandName, args as never, roles(), person)
      }
      if (name === 'signIn') {
        const found = PINS[String(args.pin)]
        if (!found) return fail('wrongPin')
        person = found
        checkRights()
        return ok({ ...found, session: 's', roles: roles() })
      }
      if (name === 'signOut') {
        person = null
        checkRights()
        return ok(null)
      }
      const refused = name in queries ? refusal(queries[name as keyof typeof queries].read, args) : null
      if (refused) return refused
      if (name === 'recentTickets') return ok(recent(args))
      if (name === 'order') {
        const order = state.orders.get(String(args.order))
        const ticket = order && ticketOf(state.documents, order, { scope: 'open' })
        return ticket ? ok(ticket) : fail('unknownOrder')
      }
      return canned[name]?.(args) ?? fail('unknownMethod', { why: 'method', name })
    }
    function take(text: string): void {
      const frame = JSON.parse(text) as Frame
      if (frame.t === 'hello') {
        kind = frame.kind as ScreenKind
        const device = { id: 'd', name: 'Screen', kind, station: paired.station }
        say({
          t: 'welcome',
          v: CONTRACT_VERSION,
          core: '712b98f9-0438-4af2-b3da-f9f667eee184',
          now: now(),
          device,
          person,
          roles: roles(),
        })
      } else if (frame.t === 'call') {
        if (holding) holding.push(() => answer(frame))
        else answer(frame)
      } else if (frame.t === 'sub') {
        const refused = refusal(streams[frame.s as StreamName].read, frame.a)
        if (refused) {
          say({ t: 'end', i: frame.i, e: refused.error })
          return
        }
        const sent = items(String(frame.s), frame.a)
        subs.set(frame.i, { s: String(frame.s), a: frame.a, sent })
        say({ t: 'snap', i: frame.i, c: 'x', items: [...sent].map(([key, { value }]) => [key, value]) })
      } else if (frame.t === 'unsub') subs.delete(frame.i)
    }
    /** Nobody is signed in here any more, as after a shift. */
    function endSession(): void {
      person = null
      checkRights()
    }
    return { take, publish, say, endSession, close: () => {} }
  }

  function connect(): Promise<Port> {
    if (!reachable) return Promise.reject(new Error('unreachable'))
    let receive: (frame: string) => void = () => {}
    let closed: () => void = () => {}
    const served = connection((frame) => queueMicrotask(() => receive(frame)))
    connections.add(served)
    const close = () => {
      if (connections.delete(served)) closed()
    }
    served.close = close
    return Promise.resolve({
      send: (frame) => {
        if (connections.has(served)) queueMicrotask(() => served.take(frame))
      },
      onMessage: (next) => {
        receive = next
      },
      onClose: (next) => {
        closed = next
      },
      close,
    })
  }

  const paired = { station: null as string | null }
  const beat = setInterval(() => {
    for (const each of connections) each.say({ t: 'beat', now: now() })
  }, 2_000)

  return {
    state,
    /** Every command that arrived, in order. */
    log,
    canned,
    devices: [] as DeviceRow[],
    /** What the screen was paired for. */
    paired,
    /** Places or changes orders as a server would, elsewhere. */
    act: <N extends CommandName>(name: N, args: CommandInput<N>) =>
      run(name, args, ['server', 'cook', 'expo', 'manager'], PINS['1111'] ?? null),
    /** Refuses the next command. */
    refuseNext: (failure: Failure) => void refusals.push(failure),
    /** A topic that is undefined goes away. */
    setStatus(next: { [T in keyof StatusTopics]?: StatusTopics[T] | undefined }) {
      Object.assign(status, next)
      for (const each of connections) each.publish()
    },
    setDocument(name: DocumentName, body: unknown) {
      state.documents = { ...state.documents, [name]: { version: 2, stamp: '', body } }
      for (const each of connections) each.publish()
    },
    /** Cuts every connection; `reachable` false keeps them out. */
    cut(reachableAfter = false) {
      reachable = reachableAfter
      for (const each of [...connections]) each.close()
    },
    /** The sessions of all screens end. */
    endSessions() {
      for (const each of connections) each.endSession()
    },
    /** Connected, but saying nothing. */
    silence(on: boolean) {
      silent = on
    },
    /** Holds all answers back until released. */
    hold() {
      holding = []
    },
    release(order: 'oldestFirst' | 'newestFirst' = 'oldestFirst') {
      const held = holding ?? []
      holding = null
      for (const answer of order === 'oldestFirst' ? held : held.reverse()) answer()
    },
    /** How many answers are held back. */
    get held() {
      return holding?.length ?? 0
    },
    /** Moves the core's clock, ms. */
    shift: (ms: number) => {
      skew += ms
    },
    bye(failure: Failure) {
      for (const each of [...connections]) each.say({ t: 'bye', e: failure })
    },
    client(kind: ScreenKind, station: string | null = null): Client {
      const host = {
        now: () => Date.now(),
        after(ms: number, task: () => void) {
          const timer = setTimeout(task, ms)
          return () => clearTimeout(timer)
        },
        id: newId,
        random: () => 0.5,
      }
      return createClient({ connect, host, app: 'test', kind, station })
    },
    newId,
    stop() {
      clearInterval(beat)
      reachable = false
      for (const each of [...connections]) each.close()
    },
  }
}
export type FakeCore = ReturnType<typeof createFakeCore>

/** Lines of the demo menu, quickly written: `['cheeseburger', {quantity: 2}]`. */
export function placeOrder(
  core: FakeCore,
  lines: (string | [menuItem: string, more: Record<string, unknown>])[],
  order: Partial<CommandInput<'placeOrder'>> = {},
): string {
  // Orders of one moment would stand in no certain order.
  core.shift(1)
  const id = newId()
  const items = lines.map((line) => (typeof line === 'string' ? lineOf(line) : lineOf(...line)))
  const outcome = core.act('placeOrder', { order: id, type: 'dineIn', table: 't1', items, ...order } as never)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error))
  return id
}

/** One line of the demo menu. */
export const lineOf = (menuItem: string, more: Record<string, unknown> = {}) => ({
  id: newId(),
  menuItem,
  quantity: 1,
  modifiers: required(menuItem),
  ...more,
})

/** The least choice of modifiers the menu asks for. */
function required(menuItem: string): string[] {
  const { items, modifierGroups } = demo.menu
  const groups = items.find((item) => item.id === menuItem)?.modifierGroups ?? []
  return modifierGroups
    .filter((group) => groups.includes(group.id))
    .flatMap((group) => group.options.slice(0, group.min).map((option) => option.id))
}
