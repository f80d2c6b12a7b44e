/** @file Sends a batch to the cloud, and finds the event that spoils it. Remembers only what is on its way. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { CloudFailure, Pushed, StoredEvent } from '../ports.ts'
import type { SyncContext } from './context.ts'
import { isTooMuch, type Trouble } from './failures.ts'
import { bytesOf, laneOf, MAX_BATCH, MAX_BATCH_BYTES, type Room } from './lanes.ts'
import { createPortion } from './portion.ts'

/** What became of the first `results.length` rows of a batch; the others were not looked at. */
export type Sent = { ok: true; results: Pushed[]; head: number } | { ok: false; trouble: Trouble }

export interface Sender {
  /** How much to give it at most. */
  readonly room: Room
  /** `others`: what waits of other lanes, in order; they may overtake an event that alone is too much for the server. */
  send(rows: readonly StoredEvent[], others?: () => readonly StoredEvent[]): Promise<Sent>
  /** Whether this event is on its way just now. */
  underWay(id: unknown): boolean
}

/** On a slow line batches do not become smaller than this in bytes. An event is never divided. */
const FEWEST_BYTES = 1_000

/** An event for which the server ran out of time so often, while others right after it went through, is itself the reason. */
const PATIENCE = 5

const TOO_LONG = { code: 'tooLong', says: say('cloud.tooLong') }

/** An event for which, alone, the server ran out of time. */
interface Stuck {
  id: string
  /** How often in a row others went through right after that. */
  times: number
  /** Events that have overtaken it. */
  passed: Set<string>
  /** Lanes of which nothing more may overtake it: something of them did not go through either. */
  shut: Set<string>
}

const UNANSWERED: Trouble = { code: 'busy', says: say('cloud.unanswered') }

/**
 * A request that is refused as a whole says only that one of its events spoils it: half of them are sent, and then half of
 * those that are left to suspect, until the guilty one is alone. It counts as refused; all others are sent.
 */
export function createSender({ connection, setback, core, host, metrics, log }: SyncContext): Sender {
  /** Of so many events, from the next one on, at least one spoils the request. */
  let suspects = 0
  /** What the server has time for, and gets through the line in time, as far as is known. */
  const bearable = { events: createPortion(MAX_BATCH), bytes: createPortion(MAX_BATCH_BYTES, FEWEST_BYTES) }
  let sending: ReadonlySet<unknown> = new Set()
  let stuck: Stuck | null = null

  async function append(rows: readonly StoredEvent[]) {
    const begun = host.tick()
    sending = new Set(rows.map(({ event }) => event.id))
    const answer = await connection.append(
      core,
      rows.map(({ event }) => event),
    )
    sending = new Set()
    metrics.observe('cloud_push_ms', host.tick() - begun)
    if (answer.ok) log.debug('CLOUD_PUSHED', { events: rows.length, head: answer.value.head })
    return answer
  }

  /** Lets the next of the others overtake this event; whether it has been shown often enough that this alone is too much. */
  async function isToBlame({ id }: StoredEvent['event'], others: readonly StoredEvent[]): Promise<boolean> {
    const known =
      stuck?.id === id ? stuck : { id, times: 0, passed: new Set<string>(), shut: new Set<string>() }
    stuck = known
    const next = others.find(({ event }) => !known.passed.has(event.id) && !known.shut.has(laneOf(event)))
    if (!next) return false
    const answer = await append([next])
    if (!answer.ok) known.times = 0
    if (answer.ok && answer.value.results.some((result) => 'seq' in result)) {
      known.passed.add(next.event.id)
      known.times++
    } else if (answer.ok || answer.error.tooLong) known.shut.add(laneOf(next.event))
    return known.times >= PATIENCE
  }

  /** Too much at once may be why it is busy or late, and then the same again would be for ever. */
  function tooMuch(rows: readonly StoredEvent[], error: CloudFailure): void {
    if (!isTooMuch(error)) return
    bearable.events.tooMuch(rows.length)
    if (error.late) bearable.bytes.tooMuch(rows.reduce((sum, { event }) => sum + bytesOf(event), 0))
  }

  async function send(
    rows: readonly StoredEvent[],
    others = () => [] as readonly StoredEvent[],
  ): Promise<Sent> {
    if (setback.trouble) return { ok: false, trouble: setback.trouble }
    const begun = host.tick()
    const answer = await append(rows)
    if (answer.ok) {
      suspects = Math.max(0, suspects - rows.length)
      bearable.events.took(host.tick() - begun)
      bearable.bytes.took(host.tick() - begun)
      const byId = new Map(answer.value.results.map((result) => [result.id, result]))
      const results = rows.flatMap(({ event }) => byId.get(event.id) ?? [])
      if (results.length < rows.length) return { ok: false, trouble: UNANSWERED }
      return { ok: true, results, head: answer.value.head }
    }
    tooMuch(rows, answer.error)
    const [first] = rows
    if (rows.length === 1 && first && answer.error.tooLong && (await isToBlame(first.event, others()))) {
      log.warn('CLOUD_EVENT_TAKES_TOO_LONG', { event: first.event.id, kind: first.event.kind })
      return { ok: true, results: [{ id: first.event.id, refused: TOO_LONG }], head: 0 }
    }
    if (answer.error.code !== 'refused') return { ok: false, trouble: answer.error }
    if (rows.length === 1 && first) {
      suspects = 0
      const { code, says } = answer.error
      log.warn('CLOUD_EVENT_SPOILS_REQUEST', { event: first.event.id, kind: first.event.kind, says })
      return { ok: true, results: [{ id: first.event.id, refused: { code, says } }], head: 0 }
    }
    suspects = rows.length
    log.info('CLOUD_BATCH_REFUSED', { events: rows.length, says: answer.error.says })
    return send(rows.slice(0, most()))
  }

  const most = () => Math.min(bearable.events.most, suspects ? Math.ceil(suspects / 2) : MAX_BATCH)

  return {
    get room() {
      return { events: most(), bytes: bearable.bytes.most }
    },
    send,
    underWay: (id) => sending.has(id),
  }
}
