/** @file What can be done to an order as a whole. Sends commands. */

import { useState } from 'react'
import { PRIORITIES } from '../../shared/domain/order-fields.ts'
import { handedFor } from '../../shared/domain/shown.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Panel } from '../shared/components/panel.tsx'
import { ReasonForm } from '../shared/components/reason-form.tsx'
import { Select } from '../shared/components/select.tsx'
import { Sign } from '../shared/components/sign.tsx'
import { useClient, useDocument } from '../shared/hooks.ts'
import { type Runner, useCommand } from '../shared/use-command.ts'
import { ChangeOrder } from './change-order.tsx'
import type { Go } from './places.ts'

type Part = { ticket: TicketView; runner: Runner }

function MoveTable({ ticket, runner }: Part) {
  const client = useClient()
  const { tables } = useDocument('floor').body
  return (
    <Select
      label="Table"
      value={ticket.table?.id ?? ''}
      options={[['', 'No table'], ...tables.map(({ id, name }) => [id, name] as const)]}
      onChange={(table) =>
        runner.run(() => client.send('changeOrder', { order: ticket.id, table: table || null }))
      }
    />
  )
}

function Urgency({ ticket, runner }: Part) {
  const client = useClient()
  return (
    <fieldset className="group">
      <legend>Priority</legend>
      <div className="row">
        {PRIORITIES.map((priority) => (
          <button
            key={priority}
            type="button"
            className="button"
            aria-pressed={ticket.priority === priority}
            onClick={() => runner.run(() => client.send('changeOrder', { order: ticket.id, priority }))}
          >
            {priority !== 'normal' && <Sign>{{ rush: '⚡', vip: '★' }[priority]}</Sign>}
            {{ normal: 'Normal', rush: 'Rush', vip: 'VIP' }[priority]}
          </button>
        ))}
      </div>
    </fieldset>
  )
}

function CancelDialog({ ticket, onClose }: { ticket: TicketView; onClose: () => void }) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  return (
    <Panel as="over" title={`Cancel order ${ticket.number}?`} onClose={onClose}>
      <FailureText error={error} />
      <ReasonForm
        action="Cancel the order"
        busy={busy}
        onConfirm={(reason) => run(() => client.send('cancelOrder', { order: ticket.id, reason }), onClose)}
      />
    </Panel>
  )
}

export function OrderActions({ ticket, go }: { ticket: TicketView; go: Go }) {
  const client = useClient()
  const runner = useCommand()
  const [dialog, setDialog] = useState<'change' | 'cancel' | null>(null)
  const close = () => setDialog(null)
  if (ticket.cancelled || ticket.status === 'served') return null
  const { id, type, table } = ticket
  const ready = ticket.items.filter((item) => item.status === 'ready').length
  const add = () => go({ at: 'draft', type, order: id, ...(table ? { table: table.id } : {}) })
  return (
    <div className="form">
      <FailureText error={runner.error} />
      <button
        type="button"
        className="button go big"
        disabled={ready === 0 || runner.busy}
        onClick={() => runner.run(() => client.send('serve', { order: id, items: handedFor(ticket) }))}
      >
        {ready > 0 ? `Serve ${ready} ready` : 'Nothing ready to serve'}
      </button>
      <button type="button" className="button primary" onClick={add}>
        <Sign>+</Sign>Add items
      </button>
      <MoveTable ticket={ticket} runner={runner} />
      <Urgency ticket={ticket} runner={runner} />
      <button type="button" className="button" onClick={() => setDialog('change')}>
        Change order…
      </button>
      <button type="button" className="button danger" onClick={() => setDialog('cancel')}>
        Cancel order
      </button>
      {dialog === 'change' && <ChangeOrder ticket={ticket} onClose={close} />}
      {dialog === 'cancel' && <CancelDialog ticket={ticket} onClose={close} />}
    </div>
  )
}
