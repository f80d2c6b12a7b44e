/** @file Sends a batch to the cloud, and finds the event that spoils it. Remembers only what is on its way. */
import type { Pushed, StoredEvent } from '../ports.ts'
import type { SyncContext } from './context.ts'
import type { Trouble } from './failures.ts'
import { MAX_BATCH } from './lanes.ts'

/** What became of the first `results.length` rows of a batch; the others were not looked at. */
export type Sent = { ok: true; results: Pushed[]; head: number } | { ok: false; trouble: Trouble }

export interface Sender {
  /** How many events to give it at most. */
  readonly most: number
  send(rows: readonly StoredEvent[]): Promise<Sent>
  /** Whether this event is on its way just now. */
  underWay(id: unknown): boolean
}

/** A server that has no time is given half as many events the next time, but not fewer than this for that reason alone. */
const FEWEST = 10

const UNANSWERED: Trouble = {
  code: 'busy',
  message: 'The cloud did not say what became of every event. Plate sends them again.',
}

/**
 * A request that is refused as a whole says only that one of its events spoils it: half of them are sent, and then half of
 * those that are left to suspect, until the guilty one is alone. It counts as refused; all others are sent.
 */
export function createSender({ connection, setback, core, host, metrics, log }: SyncContext): Sender {
  /** Of so many events, from the next one on, at least one spoils the request. */
  let suspects = 0
  /** How many the server has time for, as far as is known. */
  let bearable = MAX_BATCH
  let sending: ReadonlySet<unknown> = new Set()

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

  async function send(rows: readonly StoredEvent[]): Promise<Sent> {
    if (setback.trouble) return { ok: false, trouble: setback.trouble }
    const answer = await append(rows)
    if (answer.ok) {
      suspects = Math.max(0, suspects - rows.length)
      bearable = Math.min(MAX_BATCH, bearable * 2)
      const byId = new Map(answer.value.results.map((result) => [result.id, result]))
      const results = rows.flatMap(({ event }) => byId.get(event.id) ?? [])
      if (results.length < rows.length) return { ok: false, trouble: UNANSWERED }
      return { ok: true, results, head: answer.value.head }
    }
    // Too much at once for it is a reason to be busy, and then the same again would be for ever.
    if (answer.error.code === 'busy')
      bearable = Math.min(bearable, Math.max(FEWEST, Math.ceil(rows.length / 2)))
    if (answer.error.code !== 'refused') return { ok: false, trouble: answer.error }
    const [first] = rows
    if (rows.length === 1 && first) {
      suspects = 0
      const { code, message } = answer.error
      log.warn('CLOUD_EVENT_SPOILS_REQUEST', { event: first.event.id, kind: first.event.kind, message })
      return { ok: true, results: [{ id: first.event.id, refused: { code, message } }], head: 0 }
    }
    suspects = rows.length
    log.info('CLOUD_BATCH_REFUSED', { events: rows.length, message: answer.error.message })
    return send(rows.slice(0, most()))
  }

  const most = () => Math.min(bearable, suspects ? Math.ceil(suspects / 2) : MAX_BATCH)

  return {
    get most() {
      return most()
    },
    send,
    underWay: (id) => sending.has(id),
  }
}
