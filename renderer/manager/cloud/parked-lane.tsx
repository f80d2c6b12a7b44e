/** @file One order (or other lane) the cloud did not take: what it is, sending it again, giving it up. Asks the core. */
import { useState } from 'react'
import type { ParkedLane, ParkedTicket } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { Panel } from '../../shared/components/panel.tsx'
import { ReasonForm } from '../../shared/components/reason-form.tsx'
import { moment, plural, typeName } from '../../shared/format.ts'
import { useClient, useDocument, useNow } from '../../shared/hooks.ts'
import { STATUS_NAMES } from '../../shared/status.ts'
import { useCommand } from '../../shared/use-command.ts'
import { useWords } from '../../shared/words.ts'

const USUAL = ['Entered twice', 'Entered by mistake', 'Settled by hand']

/** Lanes that are no order, as people call them. */
const LANES: Readonly<Record<string, string>> = {
  'stock.set': '86 list',
  'document.published': 'Menu and settings',
}

/** What a lane is called, e.g. Order 42. */
function nameOf({ lane, order, number }: ParkedLane): string {
  if (order === null) return LANES[lane] ?? lane
  return number === null ? 'An order without a number' : `Order ${number}`
}

interface LaneProps {
  lane: ParkedLane
  again: () => Promise<void>
}

function GiveUpDialog({ lane, again, onClose }: LaneProps & { onClose: () => void }) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  const name = nameOf(lane)
  const isOrder = lane.order !== null
  const giveUp = (reason: string) =>
    run(
      () => client.call('cloudWithdraw', { lane: lane.lane, reason }),
      () => {
        onClose()
        void again()
      },
    )
  return (
    <Panel
      as="over"
      title={isOrder ? `Give up and cancel ${name.toLowerCase()}?` : `Give up: ${name}?`}
      onClose={onClose}
    >
      <div className="stack">
        {lane.ticket && (
          <p>
            <Ticket ticket={lane.ticket} />
            <br />
            {lane.ticket.dishes.join(', ')}
          </p>
        )}
        <p>
          {isOrder
            ? `The kitchen is told that it is cancelled, with your reason. ${plural(lane.events, 'change')} of it will never be sent to other PCs.`
            : `${plural(lane.events, 'change')} will never be sent. Other PCs keep what they have.`}{' '}
          This cannot be taken back.
        </p>
        <FailureText error={error} />
        <ReasonForm
          action={isOrder ? 'Give up and cancel the order' : 'Give up'}
          busy={busy}
          usual={USUAL}
          onConfirm={giveUp}
        />
      </div>
    </Panel>
  )
}

const MINUTE_MS = 60_000
/** From here on (ms) a clock time says more than an age. */
const LONG_MS = 180 * MINUTE_MS

function Opened({ at }: { at: number }) {
  const { timeZone } = useDocument('settings').body
  const now = useNow(10_000)
  const minutes = Math.max(0, Math.floor((now - at) / MINUTE_MS))
  return (
    <>
      opened {moment(at, now, timeZone)}
      {now - at < LONG_MS && ` (${minutes} min ago)`}
    </>
  )
}

/** Where it went, how it stands, and for how long it has been there. */
function Ticket({ ticket: { type, table, status, openedAt } }: { ticket: ParkedTicket }) {
  return (
    <>
      {table === null ? typeName(type) : `Table ${table}, ${typeName(type).toLowerCase()}`} ·{' '}
      <b>{STATUS_NAMES[status]}</b> · <Opened at={openedAt} />
    </>
  )
}

/** A second no, without the sentence that stands above already. */
function SecondNo({ lane, error, at }: { lane: ParkedLane; error: Failure; at: number }) {
  const { timeZone } = useDocument('settings').body
  const now = useNow(MINUTE_MS)
  const words = useWords()
  const said = words.failure(error)
  return (
    <p className="error" role="alert">
      {said === words.say(lane.says)
        ? `Sent again at ${moment(at, now, timeZone)}: not taken, for the same reason.`
        : said}
    </p>
  )
}

export function Lane({ lane, again }: LaneProps) {
  const client = useClient()
  const { timeZone } = useDocument('settings').body
  const now = useNow(MINUTE_MS)
  const { busy, error, run } = useCommand()
  const [giving, setGiving] = useState(false)
  const [triedAt, setTriedAt] = useState(0)
  const name = nameOf(lane)
  const retry = async () => {
    await run(() => client.call('cloudRetry', { lane: lane.lane }))
    setTriedAt(client.now())
    await again()
  }
  return (
    <li className="lane" aria-label={name}>
      <div className="lane-text">
        <p>
          <b className="lane-name">{name}</b>
          {lane.ticket && <Ticket ticket={lane.ticket} />}
        </p>
        <p className="muted small">
          {lane.ticket && lane.ticket.dishes.length > 0 && `${lane.ticket.dishes.join(', ')} · `}
          {plural(lane.events, 'change')} since {moment(lane.since, now, timeZone)}
        </p>
        {error && <SecondNo lane={lane} error={error} at={triedAt} />}
      </div>
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={busy}
          aria-label={`Send ${name} again`}
          onClick={retry}
        >
          {busy ? 'Sending…' : 'Send again'}
        </button>
        <button
          type="button"
          className="button danger"
          aria-label={`Give up ${name}`}
          onClick={() => setGiving(true)}
        >
          {lane.order === null ? 'Give up…' : 'Give up and cancel…'}
        </button>
      </div>
      {giving && <GiveUpDialog lane={lane} again={again} onClose={() => setGiving(false)} />}
    </li>
  )
}
