/** @file All-day totals: how many of each dish are still to be made here, modifiers split out. Draws only. */
import type { TicketView } from '../../shared/domain/view.ts'
import { Panel } from '../shared/components/panel.tsx'
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
              <div key={variant.modifiers} className="all-day-row variant">
                <span className="count">{variant.count}</span>
                <span>{variant.modifiers || 'plain'}</span>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
