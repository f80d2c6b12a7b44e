/** @file All-day totals: how many of each dish are still to be made here, what is made otherwise apart. Draws only. */
import type { TicketView } from '../../shared/domain/view.ts'
import { Panel } from '../shared/components/panel.tsx'
import { Allergy } from '../shared/components/ticket-parts.tsx'
import { said } from '../shared/format.ts'
import { totals } from './totals.ts'

interface AllDayProps {
  tickets: ReadonlyMap<string, TicketView>
  onClose: () => void
}

export function AllDay({ tickets, onClose }: AllDayProps) {
  const rows = totals(tickets.values())
  return (
    <Panel title="All day" onClose={onClose}>
      {rows.length === 0 && <p className="empty small">Nothing to make.</p>}
      <ul className="all-day">
        {rows.map(({ name, count, variants }) => (
          <li key={name}>
            <div className="all-day-row">
              <b className="count">{count}</b>
              <span>{name}</span>
            </div>
            {variants.map((variant) => (
              <div key={JSON.stringify(variant)} className="all-day-row variant">
                <span className="count">{variant.count}</span>
                <span className="item-text">
                  <span>{variant.modifiers || 'plain'}</span>
                  {variant.note && <span className="note">{said(variant.note)}</span>}
                  <Allergy allergies={variant.allergies} />
                </span>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
