/** @file The floor plan: which tables are free, waiting, or have food ready. Reads the client. */
import { useMemo, useState } from 'react'
import type { Floor } from '../../shared/domain/documents.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { plural } from '../shared/format.ts'
import { useDocument, useStream } from '../shared/hooks.ts'
import { useDrafts } from './drafts.ts'
import type { Go } from './places.ts'

type Table = Floor['tables'][number]

/** Tables by id with their open tickets. */
export function byTable(tickets: Iterable<TicketView>): Map<string, TicketView[]> {
  const result = new Map<string, TicketView[]>()
  for (const ticket of tickets) {
    if (ticket.table) result.set(ticket.table.id, [...(result.get(ticket.table.id) ?? []), ticket])
  }
  return result
}

const readyItems = (tickets: readonly TicketView[]) =>
  tickets.flatMap((ticket) => ticket.items).filter((item) => item.status === 'ready').length

function stateOf(tickets: readonly TicketView[], drafted: boolean): { name: string; text: string } {
  const ready = readyItems(tickets)
  if (ready > 0) return { name: 'ready', text: `${ready} ready` }
  if (tickets.length > 0) return { name: 'open', text: plural(tickets.length, 'order') }
  return drafted ? { name: 'drafted', text: 'not sent' } : { name: 'free', text: 'free' }
}

interface SpotProps {
  table: Table
  tickets: readonly TicketView[]
  drafted: boolean
  go: Go
}

function Spot({ table, tickets, drafted, go }: SpotProps) {
  const state = stateOf(tickets, drafted)
  const [only] = tickets
  const open = () => {
    if (tickets.length > 1) go({ at: 'orders', table: table.id })
    else if (only) go({ at: 'order', order: only.id })
    else go({ at: 'draft', type: 'dineIn', table: table.id })
  }
  const share = (value: number) => `${value * 100}%`
  return (
    <button
      type="button"
      className={`spot ${table.shape} ${state.name}`}
      data-table={table.id}
      data-state={state.name}
      style={{ left: share(table.x), top: share(table.y), width: share(table.w), height: share(table.h) }}
      aria-label={`Table ${table.name}, ${state.text}`}
      onClick={open}
    >
      <b>{table.name}</b>
      <span>{state.text}</span>
      <span className="seats">{table.seats} seats</span>
    </button>
  )
}

export function FloorPlan({ go }: { go: Go }) {
  const { areas, tables } = useDocument('floor').body
  const { entries } = useStream('tickets', { scope: 'open' })
  const drafts = useDrafts()
  const [chosen, setChosen] = useState<string | null>(null)
  const occupied = useMemo(() => byTable(entries.values()), [entries])
  const area = chosen ?? areas[0]?.id
  const ready = (id: string) =>
    tables
      .filter((table) => table.area === id)
      .reduce((sum, table) => sum + readyItems(occupied.get(table.id) ?? []), 0)
  return (
    <div className="floor">
      <nav className="row" aria-label="Areas">
        {areas.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="button"
            aria-pressed={id === area}
            onClick={() => setChosen(id)}
          >
            {name}
            {ready(id) > 0 && <span className="chip">{ready(id)} ready</span>}
          </button>
        ))}
      </nav>
      <div className="plan">
        {tables
          .filter((table) => table.area === area)
          .map((table) => (
            <Spot
              key={table.id}
              table={table}
              tickets={occupied.get(table.id) ?? []}
              drafted={(drafts[`table:${table.id}`]?.lines.length ?? 0) > 0}
              go={go}
            />
          ))}
      </div>
    </div>
  )
}
