/** @file Out: sends this core's log to the cloud, first in first out; what is refused is parked with all that follows it. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { AuditEntry, ParkedEvent, Pushed, StoredEvent, Taken } from '../ports.ts'
import { type Channel, type ChannelOptions, createChannel } from './channel.ts'
import type { SyncContext } from './context.ts'
import { REFUSED_AS_A_WHOLE, type Trouble } from './failures.ts'
import { createMeasure, laneOf, orderOfLane } from './lanes.ts'
import { auditOfLane } from './notes.ts'
import type { Parking } from './parking.ts'
import type { Sender } from './sender.ts'
import type { Turns } from './turns.ts'

export interface Outbox {
  readonly channel: Channel
  /** How far the log was dealt with. */
  position(): number
  /** Events not sent yet. */
  size(): number
  /** So many events from the cloud itself are new in the log: they need not go back. */
  came(count: number): void
}

export interface OutboxOptions {
  parking: Parking
  sender: Sender
  turns: Turns
  done: ChannelOptions['done']
  /** These events of this core are in the cloud's log now. */
  own(taken: readonly Taken[]): Promise<void>
}

/** The next stretch of the log. */
interface Stretch {
  send: StoredEvent[]
  /** Those of parked lanes. */
  behind: StoredEvent[]
  upTo: number
}

/** Events read from the log at a time. */
const READ = 500
/** At the start, so many rows at most are looked through for how many of them are to be sent; more are taken as they are. */
const COUNT = 10_000
/** Of so many lanes in a row an event may spoil its request. With one more it is the cloud that refuses everything. */
const SUSPICIOUS = 2
/** Rows that need not be sent are passed over in memory only; the cursor follows after this many. */
const PASS_OVER = 500

/** Creates the outbox; it begins with the first request of its channel. */
export function createOutbox(ctx: SyncContext, { parking, sender, turns, done, own }: OutboxOptions): Outbox {
  const { engine, store, logs, host, log } = ctx
  const startHead = engine.head()
  let position = engine.cursor(logs.out)
  /** Events that came from the cloud and are still ahead of the position, as far as they were counted. */
  let foreignAhead = 0
  /** Of what was there at the start, rows up to this one were counted. */
  let countedTo: number | null = null
  /** Lanes of which an event was refused as a whole request, one after the other with nothing that got through in between. */
  const alone = new Set<string>()
  let pendingNotes: AuditEntry[] = []

  async function work(progress: () => void): Promise<Trouble | null> {
    if (countedTo === null) await countForeign()
    while (!ctx.stopped() && position < engine.head()) {
      const outcome = await turns(step)
      if (outcome === 'nothing') return null
      if (outcome === 'sent') progress()
      else if (outcome !== 'passed') return outcome
    }
    return null
  }

  async function countForeign(): Promise<void> {
    let from = position
    while (from < Math.min(startHead, position + COUNT)) {
      const rows = (await store.eventsAfter(from, READ)).filter(({ seq }) => seq <= startHead)
      const last = rows.at(-1)
      if (!last) break
      foreignAhead += rows.filter(({ source }) => source === logs.in).length
      from = last.seq
    }
    countedTo = from
    ctx.changed()
  }

  /** `passed`: there was nothing to send among them, so the cloud was not even asked. */
  async function step(): Promise<Trouble | 'nothing' | 'passed' | 'sent'> {
    const rows = await store.eventsAfter(position, READ)
    if (!rows.length) return 'nothing'
    const { send, behind, upTo } = stretchOf(rows)
    if (!send.length) {
      await advance(rows, upTo, behind.map(parkedOf))
      if (upTo - engine.cursor(logs.out) >= PASS_OVER || pendingNotes.length) await keepPosition()
      return 'passed'
    }
    const sent = await sender.send(send, () => othersOf(rows, send))
    if (!sent.ok) return sent.trouble
    const innocent = innocence(send, sent.results)
    if (innocent) return innocent
    const last = send[sent.results.length - 1]?.seq ?? position
    // A batch that was cut short ends before the rows that nobody has looked at.
    const end = sent.results.length === send.length ? upTo : last
    const parked = [...refusedOf(send, sent.results), ...behind.filter(({ seq }) => seq <= end).map(parkedOf)]
    await advance(rows, end, parked)
    // Asked for together, so that both cursors move in one commit.
    const taken = sent.results.flatMap((result) => ('seq' in result ? [result] : []))
    await Promise.all([keepPosition(), own(taken)])
    return 'sent'
  }

  /** Whatever is sent is refused: then it is not the fault of what was sent, and nothing more of it is parked. */
  function innocence(rows: readonly StoredEvent[], results: readonly Pushed[]): Trouble | null {
    const index = results.findIndex(
      (result) => 'refused' in result && result.refused.code === REFUSED_AS_A_WHOLE,
    )
    const [row, result] = [rows[index], results[index]]
    if (!row || !result || !('refused' in result)) {
      alone.clear()
      return null
    }
    alone.add(laneOf(row.event))
    if (alone.size <= SUSPICIOUS) return null
    return { code: 'refused', says: say('cloud.refusesAll', { reason: result.refused.says }) }
  }

  function stretchOf(rows: readonly StoredEvent[]): Stretch {
    const { fits } = createMeasure(alone.size > SUSPICIOUS ? { ...sender.room, events: 1 } : sender.room)
    const stretch: Stretch = { send: [], behind: [], upTo: position }
    for (const row of rows) {
      if (row.source !== logs.in) {
        if (parking.has(laneOf(row.event))) stretch.behind.push(row)
        else if (fits(row.event)) stretch.send.push(row)
        else break
      }
      stretch.upTo = row.seq
    }
    return stretch
  }

  /** What waits of other lanes than that of the first to be sent. */
  function othersOf(rows: readonly StoredEvent[], [first]: readonly StoredEvent[]): StoredEvent[] {
    const lane = first && laneOf(first.event)
    return rows.filter(
      ({ event, source }) => source !== logs.in && laneOf(event) !== lane && !parking.has(laneOf(event)),
    )
  }

  const parkedOf = ({ seq, event }: StoredEvent): ParkedEvent => ({
    seq,
    lane: laneOf(event),
    code: 'behind',
    says: say('cloud.behind'),
    at: host.now(),
  })

  function refusedOf(rows: readonly StoredEvent[], results: readonly Pushed[]): ParkedEvent[] {
    return results.flatMap((result, index) => {
      const row = rows[index]
      return row && 'refused' in result ? [{ ...parkedOf(row), ...result.refused }] : []
    })
  }

  /** Goes on to `upTo`, after what waits was noted: a crash in between finds both, never neither. */
  async function advance(
    rows: readonly StoredEvent[],
    upTo: number,
    parked: readonly ParkedEvent[],
  ): Promise<void> {
    const fresh = parked.filter(({ lane }, index) => {
      return !parking.has(lane) && parked.findIndex((other) => other.lane === lane) === index
    })
    await parking.add(parked)
    pendingNotes.push(...fresh.map(noteOf))
    const counted = (seq: number) => seq > startHead || seq <= (countedTo ?? 0)
    const passed = rows.filter(({ seq, source }) => seq <= upTo && source === logs.in && counted(seq))
    foreignAhead = Math.max(0, foreignAhead - passed.length)
    position = upTo
    ctx.changed()
  }

  /** A cursor that cannot be kept just now is behind: after a restart some events are sent again, which does no harm. */
  async function keepPosition(): Promise<void> {
    const notes = [...pendingNotes]
    const kept = await engine.ingest(logs.out, [], position, { audit: notes })
    if (kept.ok) pendingNotes = pendingNotes.slice(notes.length)
  }

  function noteOf({ lane, code, says, seq, at }: ParkedEvent): AuditEntry {
    log.warn('CLOUD_PARKED', { lane, code, says, seq })
    const number = parking.lanes().find((one) => one.lane === lane)?.number ?? null
    const order = orderOfLane(lane)
    const refusal = { code, says }
    return auditOfLane({
      at,
      id: host.id(),
      name: 'cloudRefused',
      lane,
      order,
      number,
      actor: null,
      refusal,
      detail: {},
    })
  }

  return {
    channel: createChannel({ name: 'out', host, log, work, done }),
    position: () => position,
    size: () => Math.max(0, engine.head() - position - foreignAhead),
    came(count) {
      foreignAhead += count
    },
  }
}
