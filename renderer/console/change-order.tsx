/** @file Changing what was entered with an order that is under way. Sends a command. */
import { useState } from 'react'
import type { SimpleFields } from '../../shared/domain/order-fields.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Panel } from '../shared/components/panel.tsx'
import { useClient } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'
import { OrderFieldEditors } from './order-fields.tsx'

export function ChangeOrder({ ticket, onClose }: { ticket: TicketView; onClose: () => void }) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  // Only what was changed here is sent: the rest may have been changed elsewhere meanwhile.
  const [changes, setChanges] = useState<Partial<SimpleFields>>({})
  return (
    <Panel as="over" title={`Change order ${ticket.number}`} onClose={onClose}>
      <div className="form">
        <OrderFieldEditors
          sent
          type={ticket.type}
          values={{ ...ticket, ...changes }}
          onChange={(part) => setChanges({ ...changes, ...part })}
        />
        <FailureText error={error} />
        <button
          type="button"
          className="button primary big"
          disabled={busy || Object.keys(changes).length === 0}
          onClick={() => run(() => client.send('changeOrder', { order: ticket.id, ...changes }), onClose)}
        >
          Save change
        </button>
      </div>
    </Panel>
  )
}
