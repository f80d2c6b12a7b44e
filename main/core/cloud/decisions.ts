/** @file What becomes of a parked lane: a person sends it once more, or gives it up and cancels its order; some go again by themselves. */
import { fail, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { Actor } from '../actor.ts'
import type { StoredEvent } from '../ports.ts'
import type { SyncContext } from './context.ts'
import { failed, REFUSED_AS_A_WHOLE, type Trouble } from './failures.ts'
import { fitting, orderOfLane } from './lanes.ts'
import { auditOfLane, type LaneNote } from './notes.ts'
import type { Outbox } from './outbox.ts'
import type { Parking } from './parking.ts'
import type { Sender } from './sender.ts'
import type { Turns } from './turns.ts'

export interface Decisions {
  /** Sends what waits of a lane, in order; what the cloud takes waits no longer. Fails with why it does not take it. */
  retry(lane: string, actor: Actor): Promise<Outcome<null>>
  /** Sends once more, without being asked, what was refused as a whole: it may have been innocent. Answers what stands in the way. */
  resume(): Promise<Trouble | null>
  /** Events with these ids are in the cloud, by way of another PC: of them nothing waits here any more. */
  there(ids: readonly string[]): Promise<void>
  /** Cancels the lane's order with this reason and never sends what waits of it; what comes later is sent again. */
  withdraw(lane: string, reason: string, actor: Actor): Promise<Outcome<null>>
}

/** Why something still waits: it was refused once more, or there was no asking. */
type Kept = { refused: Message } | { trouble: Trouble }

export interface DecisionOptions {
  parking: Parking
  sender: Sender
  turns: Turns
  outbox: Outbox
  /** Something may be sent again by itself now. */
  goOn(): void
}

const NOTHING_WAITS = fail('invalid', { why: 'nothingWaits' }, 'lane')
/** An order that needs no cancelling. */
const OVER: readonly string[] = ['orderCancelled', 'unknownOrder']

/** Creates them. They take turns with the outbox, so that nothing of a lane is sent around them. */
export function createDecisions(ctx: SyncContext, options: DecisionOptions): Decisions {
  const { parking, sender, turns, outbox, goOn } = options
  const { store, engine, host, logs } = ctx

  /** Sends until nothing waits; the outbox waits meanwhile, so the lane stays closed to what comes later. */
  async function sendAll(lane: string): Promise<Kept | null> {
    for (;;) {
      const waiting = parking.waiting(lane)
      if (!waiting.length) return null
      const page = waiting.slice(0, sender.room.events).map(({ seq }) => seq)
      const rows = fitting(await store.eventsBySeq(page), sender.room)
      const kept = rows.length ? await sendSome(lane, rows) : null
      if (kept) return kept
      // Noted once, but not in the log any more: the store was put back from a backup.
      if (!rows.length) await parking.remove(lane, page)
    }
  }

  async function sendSome(lane: string, rows: readonly StoredEvent[]): Promise<Kept | null> {
    const sent = await sender.send(rows)
    if (!sent.ok) return { trouble: sent.trouble }
    const taken = sent.results.flatMap((result, index) => ('seq' in result ? (rows[index]?.seq ?? []) : []))
    if (taken.length) await parking.remove(lane, taken)
    const refusal = sent.results.find((result) => 'refused' in result)
    if (!refusal || !('refused' in refusal)) return null
    await parking.refuse(lane, refusal.refused.code, refusal.refused.says)
    return { refused: refusal.refused.says }
  }

  /** Sends what waits of a lane once more; `actor` wants it, or nobody does. */
  async function again(lane: string, actor: Actor | null): Promise<Kept | null> {
    const events = parking.waiting(lane).length
    const number = numberOf(lane)
    const kept = await sendAll(lane)
    const says = say('cloud.retried', { count: events })
    if (!kept && events) await note({ name: 'cloudRetry', lane, number, actor, says, detail: { events } })
    ctx.changed()
    outbox.channel.request()
    return kept
  }

  /** Writes the audit trail's line together with the outbox's cursor, which has not moved. */
  async function note(line: Omit<LaneNote, 'at' | 'id' | 'order' | 'refusal'>): Promise<void> {
    const order = orderOfLane(line.lane)
    const entry = auditOfLane({ ...line, at: host.now(), id: host.id(), order, refusal: null })
    await engine.ingest(logs.out, [], outbox.position(), { audit: [entry] })
  }

  const numberOf = (lane: string) => parking.lanes().find((one) => one.lane === lane)?.number ?? null

  async function cancel(lane: string, reason: string, actor: Actor): Promise<Outcome<unknown>> {
    const order = orderOfLane(lane)
    if (order === null) return ok(null)
    const cancelled = await engine.submit({
      id: host.id(),
      name: 'cancelOrder',
      args: { order, reason },
      actor,
    })
    return cancelled.ok || !OVER.includes(cancelled.error.code) ? cancelled : ok(null)
  }

  /** Nothing is lost in a crash before the page is taken in: what is there needs no sending, wherever the cursor stands. */
  async function letGo(lane: string, seqs: readonly number[]): Promise<void> {
    const events = seqs.length
    const number = numberOf(lane)
    await parking.remove(lane, seqs)
    const says = say('cloud.sentByAnother', { count: events })
    await note({ name: 'cloudRetry', lane, number, actor: null, says, detail: { events } })
    // What waited behind that may go now. Marked first, so that it also does after a restart.
    if (parking.has(lane)) await parking.refuse(lane, REFUSED_AS_A_WHOLE, say('cloud.beforeWasSent'))
    ctx.changed()
    outbox.channel.request()
  }

  return {
    async there(ids) {
      if (!parking.find(ids).length) return
      await turns(async () => {
        const lanes = Map.groupBy(parking.find(ids), ({ lane }) => lane)
        for (const [lane, events] of lanes)
          await letGo(
            lane,
            events.map(({ seq }) => seq),
          )
      })
      goOn()
    },
    retry: (lane, actor) =>
      turns(async () => {
        if (!parking.has(lane)) return NOTHING_WAITS
        const kept = await again(lane, actor)
        if (!kept) return ok(null)
        if ('refused' in kept) return fail('invalid', { why: 'other', message: kept.refused })
        const { trouble } = kept
        return trouble.code === 'here'
          ? fail('busy', { why: 'other', message: trouble.says })
          : failed(trouble)
      }),
    async resume() {
      for (const { lane, code } of parking.lanes()) {
        if (ctx.stopped()) return null
        if (code !== REFUSED_AS_A_WHOLE) continue
        const kept = await turns(() => again(lane, null))
        if (kept && 'trouble' in kept) return kept.trouble
      }
      return null
    },
    withdraw: (lane, reason, actor) =>
      turns(async () => {
        const waiting = parking.waiting(lane)
        if (!waiting.length) return NOTHING_WAITS
        const number = numberOf(lane)
        const cancelled = await cancel(lane, reason, actor)
        if (!cancelled.ok) return cancelled
        const events = waiting.length
        await parking.remove(
          lane,
          waiting.map(({ seq }) => seq),
        )
        const says = say('cloud.givenUp', { reason, count: events })
        await note({ name: 'cloudWithdraw', lane, number, actor, says, detail: { reason, events } })
        ctx.changed()
        outbox.channel.request()
        return ok(null)
      }),
  }
}
