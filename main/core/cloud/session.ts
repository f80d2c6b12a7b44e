/** @file One connection to a restaurant in the cloud while it lasts: puts in, out, report and intake together. */
import type { CloudInfo, CloudStatus } from '../../../shared/contract/contract.ts'
import { failure } from '../../../shared/domain/errors.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { AuditEntry, Cloud, CloudState } from '../ports.ts'
import { tellKept } from './access.ts'
import { type Channel, createChannel } from './channel.ts'
import { type CloudBase, logNames, type SyncContext } from './context.ts'
import { createDecisions, type Decisions } from './decisions.ts'
import { createDirectory } from './directory.ts'
import { isAway, type Trouble } from './failures.ts'
import { createHistory } from './history.ts'
import { createInbound } from './inbound.ts'
import { createIntake } from './intake.ts'
import { MAX_BATCH } from './lanes.ts'
import type { LinkRecord, Links } from './link.ts'
import { createOutbox } from './outbox.ts'
import { withTickets } from './parked-tickets.ts'
import { createParking } from './parking.ts'
import { createReport } from './report.ts'
import { createSender } from './sender.ts'
import { createSetback } from './setback.ts'
import { createStatusBoard } from './status.ts'
import { createTurns } from './turns.ts'

export interface SessionOptions extends CloudBase {
  cloud: Cloud
  links: Links
  openOrders(): string[]
  /** A manager has removed these cores, and no others. Answers the lines of the audit trail about what that changed here. */
  removed(cores: readonly string[]): Promise<AuditEntry[]>
  show(status: CloudStatus | null): void
}

/** A running connection. */
export interface Session extends Pick<Decisions, 'retry' | 'withdraw'> {
  status(): CloudStatus
  info(): Promise<Pick<CloudInfo, 'parked' | 'devices'>>
  /** The log grew by these events, counted by source. */
  logGrew(news: ReadonlyMap<string | null, number>): void
  /** Looks at once whether anything was missed. */
  woke(): void
  close(): Promise<void>
}

/** How often (ms) what was refused as a whole is sent again. */
const RESUME_MS = 10 * 60_000

/** Starts exchanging with the link's restaurant. Rejects when the store cannot say what waits. */
export async function startSession(options: SessionOptions, link: LinkRecord): Promise<Session> {
  const { cloud, links, engine, store, state, alarms, log, host } = options
  const logs = logNames(link.restaurant)
  const parking = await createParking(store, state)
  const connection = cloud.connect(link)
  const directory = createDirectory(connection, links, link, options.names)
  const turns = createTurns()
  const setback = createSetback(links, log)
  let { locked, lockedAt, name } = link
  let live = false
  let confirmed = false
  /** When (monotonic ms) it was last doubted that the cloud is there. What it was asked before says nothing about now. */
  let doubtedAt = host.tick()
  let currentAt: number | null = null
  let over = false

  const ctx: SyncContext = {
    ...options,
    connection,
    logs,
    setback,
    stopped: () => locked !== null || setback.trouble !== null,
    changed: () => board.changed(),
  }
  const sender = createSender(ctx)
  const inbound = createInbound(ctx, {
    done,
    openOrders: options.openOrders,
    isOwn: (event) => sender.underWay((event as { id?: unknown } | null)?.id),
    there: (ids) => decisions.there(ids),
    confirmed: confirm,
  })
  const outbox = createOutbox(ctx, { parking, sender, turns, done, own: inbound.own })
  const decisions = createDecisions(ctx, { parking, sender, turns, outbox, goOn: () => resume.request() })
  const resume = createChannel({
    name: 'again',
    host,
    log,
    done,
    every: () => RESUME_MS,
    work: decisions.resume,
  })
  const intake = createIntake(ctx, canDecide, done)
  const history = createHistory(ctx, { ready: canDecide, there: (ids) => decisions.there(ids) })
  const report = createReport(ctx, {
    figures: () => ({
      cursor: engine.cursor(logs.in),
      event: engine.eventAt(logs.in),
      outbox: outbox.size(),
      parked: parking.lanes().length,
    }),
    heard,
    done,
  })
  const exchanges: readonly Channel[] = [report, inbound.channel, outbox.channel]
  const board = createStatusBoard({
    ...options,
    facts: () => ({
      name,
      locked,
      lockedAt,
      troubles: [setback, ...exchanges].map(({ trouble }) => trouble),
      live,
      currentAt,
      confirmed,
      behind: inbound.behind(),
      outbox: outbox.size(),
      parked: parking.lanes(),
    }),
  })

  /** An order is only decided by a core that knows all there is, and whose decision gets out with its next request. */
  function canDecide(): boolean {
    if (!confirmed || ctx.stopped() || outbox.channel.trouble) return false
    return inbound.behind() === 0 && outbox.size() < MAX_BATCH
  }

  function done(before: Trouble | null, now: Trouble | null): void {
    if (now?.code === 'revoked') lock(now.says, now.at ?? host.now())
    if (isAway(now)) doubt()
    // What one exchange finds out is true for the others.
    if (isAway(before) && now === null) hurry(isAway)
    if (before && now === null) resume.request()
    intake.again()
    board.changed()
  }

  /** Nobody knows how current this core is, until the cloud answers once more. */
  function doubt(): void {
    confirmed = false
    doubtedAt = host.tick()
    inbound.doubt()
  }

  function hurry(which: (trouble: Trouble | null) => boolean = () => true): void {
    for (const channel of [...exchanges, intake, resume, history.channel])
      if (channel.trouble && which(channel.trouble)) channel.hurry()
  }

  function lock(says: Message, at: number): void {
    if (JSON.stringify(locked) === JSON.stringify(says)) return
    locked = says
    lockedAt = at
    engine.lock(failure('deviceLocked', { message: says }))
    log.warn('CLOUD_LOCKED', { says })
    void links.update({ locked: says, lockedAt: at })
  }

  function unlock(): void {
    if (locked === null) return
    locked = null
    engine.lock(null)
    log.info('CLOUD_UNLOCKED', {})
    void links.update({ locked: null })
    doubt()
    catchUp()
  }

  function confirm(begun: number): void {
    if (over || setback.trouble || begun < doubtedAt) return
    confirmed = true
    // What has changed there since it was asked nobody here can know.
    currentAt = host.now() - (host.tick() - begun)
    history.again()
    if (!links.get()?.current) {
      log.info('CLOUD_CURRENT', { cursor: engine.cursor(logs.in) })
      void links.update({ current: true })
    }
    board.changed()
  }

  function heard(answer: CloudState, cursor: number, begun: number): void {
    if (over) return
    unlock()
    if (answer.name !== name || answer.letter !== engine.letter()) void rename(answer.name, answer.letter)
    void letGo(answer.removed)
    directory.refresh()
    if (!answer.same || answer.head < cursor) setback.seen({ cursor, head: answer.head })
    if (setback.trouble) return
    inbound.told(answer.head)
    if (engine.cursor(logs.in) >= answer.head) confirm(begun)
    if (answer.intake > 0) intake.request()
  }

  async function letGo(cores: readonly string[]): Promise<void> {
    const audit = await options.removed(cores)
    if (audit.length) await engine.ingest(logs.in, [], engine.cursor(logs.in), { audit })
  }

  async function rename(newName: string, letter: string): Promise<void> {
    name = newName
    await links.update({ name: newName, letter })
    if (letter === engine.letter()) return
    engine.setLetter(letter)
    await store.setLetter(letter).catch((error: unknown) => {
      log.error('CLOUD_LETTER_NOT_KEPT', { letter, error: String(error) })
    })
  }

  /** Everything at once, without waiting out any pause. */
  function catchUp(): void {
    hurry()
    inbound.ask()
    outbox.channel.request()
  }

  if (locked !== null) engine.lock(failure('deviceLocked', { message: locked }))
  connection.listen({
    grew: inbound.grew,
    intake: intake.request,
    live(on) {
      if (live !== on) log.info(on ? 'CLOUD_LIVE' : 'CLOUD_NOT_LIVE', {})
      live = on
      if (on) catchUp()
      else {
        doubt()
        report.check()
      }
      board.changed()
    },
    rights: report.hurry,
    kept: (on) => tellKept(alarms, on),
  })
  board.publish()
  report.request()
  catchUp()
  resume.request()

  return {
    retry: decisions.retry,
    withdraw: decisions.withdraw,
    status: board.now,
    info: async () => ({
      parked: await withTickets(parking.lanes(), state, store),
      devices: isAway(report.trouble) ? null : await directory.read(),
    }),
    logGrew(news) {
      outbox.came(news.get(logs.in) ?? 0)
      outbox.channel.request()
    },
    woke() {
      doubt()
      board.publish()
      connection.wake()
      report.check()
      catchUp()
    },
    async close() {
      over = true
      for (const channel of [...exchanges, intake, resume]) channel.close()
      history.close()
      setback.close()
      board.close()
      // Who is removed there says nothing about another restaurant.
      await options.removed([])
      await connection.close()
      tellKept(alarms, true)
    },
  }
}
