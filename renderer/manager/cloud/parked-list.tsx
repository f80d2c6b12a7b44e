/** @file What the cloud did not take: each order with its reason, to be sent again or given up. Asks the core. */
import { useState } from 'react'
import type { ParkedLane } from '../../../shared/contract/contract.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { Panel } from '../../shared/components/panel.tsx'
import { ReasonForm } from '../../shared/components/reason-form.tsx'
import { moment, plural } from '../../shared/format.ts'
import { useClient, useDocument, useNow } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'

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

function Lane({ lane, again }: LaneProps) {
  const client = useClient()
  const { timeZone } = useDocument('settings').body
  const now = useNow(60_000)
  const { busy, error, run } = useCommand()
  const [giving, setGiving] = useState(false)
  const name = nameOf(lane)
  const retry = () =>
    run(
      () => client.call('cloudRetry', { lane: lane.lane }),
      () => void again(),
    )
  return (
    <li className="lane" aria-label={name}>
      <div className="lane-text">
        <b className="lane-name">{name}</b>
        <p>{lane.message}</p>
        <p className="muted small">
          Since {moment(lane.since, now, timeZone)} · {plural(lane.events, 'change')}
        </p>
        <FailureText error={error} />
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

export function ParkedList({ parked, again }: { parked: readonly ParkedLane[]; again: () => Promise<void> }) {
  return (
    <section className="card stack parked">
      <h2>⚠ Not taken by the cloud ({parked.length})</h2>
      <p>Here they are complete, and the kitchen works on them. Other PCs do not know the last changes.</p>
      <ul>
        {parked.map((lane) => (
          <Lane key={lane.lane} lane={lane} again={again} />
        ))}
      </ul>
    </section>
  )
}
