/** @file What the cloud did not take, by reason: to be sent again, together or alone, or given up. Asks the core. */
import { useState } from 'react'
import type { Client } from '../../../shared/client/client.ts'
import type { ParkedLane } from '../../../shared/contract/contract.ts'
import { type Outcome, ok } from '../../../shared/domain/errors.ts'
import type { Words } from '../../../shared/words/index.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { noun, plural } from '../../shared/format.ts'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { useWords } from '../../shared/words.ts'
import { Lane } from './parked-lane.tsx'

interface ParkedProps {
  parked: readonly ParkedLane[]
  again: () => Promise<void>
}

/** Lanes that wait for the same thing, the reason of most first. */
function byReason(parked: readonly ParkedLane[], words: Words): [reason: string, lanes: ParkedLane[]][] {
  const groups = Map.groupBy(parked, ({ says }) => words.say(says))
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
}

function Reason({
  reason,
  lanes,
  again,
}: {
  reason: string
  lanes: ParkedLane[]
  again: ParkedProps['again']
}) {
  const byItself = lanes.every(({ code }) => code === 'refused')
  return (
    <section className="reason" aria-label={reason}>
      <h3>
        {reason} {byItself && 'Plate sends them again by itself.'}
      </h3>
      <ul>
        {lanes.map((lane) => (
          <Lane key={lane.lane} lane={lane} again={again} />
        ))}
      </ul>
    </section>
  )
}

interface Sent {
  sent: number
  left: number
}

/** One after the other, until the cloud cannot be asked. */
async function sendAll(client: Client, parked: readonly ParkedLane[]): Promise<Outcome<Sent>> {
  const result: Sent = { sent: 0, left: 0 }
  for (const { lane } of parked) {
    const outcome = await client.call('cloudRetry', { lane })
    if (outcome.ok) result.sent++
    else if (outcome.error.code === 'invalid') result.left++
    else return outcome
  }
  return ok(result)
}

function SendAll({ parked, again }: ParkedProps) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  const [result, setResult] = useState<Sent | null>(null)
  const send = async () => {
    setResult(null)
    await run(() => sendAll(client, parked), setResult)
    await again()
  }
  return (
    <>
      {result && (
        <p role="status" aria-label="Sent again">
          {result.sent > 0 && <span className="good">✓ {result.sent} sent. </span>}
          {result.left > 0 && `${result.left} ${noun(result.left, 'was', 'were')} not taken again.`}
        </p>
      )}
      <button type="button" className="button primary" disabled={busy} onClick={send}>
        {busy ? 'Sending…' : 'Send all again'}
      </button>
      <FailureText error={error} />
    </>
  )
}

export function ParkedList({ parked, again }: ParkedProps) {
  const reasons = byReason(parked, useWords())
  return (
    <section className="card stack parked">
      <div className="row">
        <h2 className="grow">⚠ Not taken by the cloud ({parked.length})</h2>
        <SendAll parked={parked} again={again} />
      </div>
      <p>
        Here they are complete, and the kitchen works on them. Other PCs do not know the last changes.{' '}
        {reasons.length > 1 && `There are ${plural(reasons.length, 'reason')}.`}
      </p>
      {reasons.map(([reason, lanes]) => (
        <Reason key={reason} reason={reason} lanes={lanes} again={again} />
      ))}
    </section>
  )
}
