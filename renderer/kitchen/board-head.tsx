/** @file The top of a kitchen board: whose it is, how fresh, how much, which page, and the way to everything else. Draws only. */
import { useEffect, useState } from 'react'
import type { TicketView } from '../../shared/domain/view.ts'
import { Clock } from '../shared/components/clock.tsx'
import { Freshness } from '../shared/components/freshness.tsx'
import { SoundButton } from '../shared/components/sound-button.tsx'
import { plural } from '../shared/format.ts'
import type { Live } from '../shared/shared-streams.ts'
import { pendingStamps } from './actions.ts'
import type { Drawer, StationInfo } from './board.tsx'
import type { Placed, Slot } from './slots.ts'
import { totals } from './totals.ts'

interface HeadProps {
  station: StationInfo
  live: Live<'tickets'>
  slots: readonly Slot[]
  pages: Placed[][]
  page: number
  onPage: (page: number) => void
  drawer: Drawer
  onDrawer: (drawer: Drawer) => void
}

function Counts({ live }: { live: Live<'tickets'> }) {
  if (!live.loaded) return null
  const items = totals(live.entries.values()).reduce((sum, { count }) => sum + count, 0)
  return (
    <div className="counts">
      <b>{live.entries.size}</b> {live.entries.size === 1 ? 'ticket' : 'tickets'}
      <span className="wide">
        {' '}
        · <b>{items}</b> {items === 1 ? 'item' : 'items'} to make
      </span>
    </div>
  )
}

/** Tickets on other pages that arrived and have not been looked at. */
function useUnseen({ pages, page }: Pick<HeadProps, 'pages' | 'page'>): ReadonlySet<string> {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const here = (pages[page] ?? []).map(({ slot }) => slot.id)
    setSeen((known) => (here.every((id) => known.has(id)) ? known : new Set([...known, ...here])))
  }, [pages, page])
  const all = pages.flatMap((placed) => placed.filter(({ slot }) => !slot.gap).map(({ slot }) => slot.id))
  return new Set(all.filter((id) => !seen.has(id)))
}

interface Call {
  label: string
  page: number
}

/** What wants attention on pages that are not in sight: the page does not turn by itself, so the header says so. */
function callsOf(props: HeadProps, unseen: ReadonlySet<string>): Call[] {
  const { pages, page, live } = props
  const find = (label: (count: number) => string, wants: (ticket: TicketView) => boolean): Call[] => {
    const hits = pages.flatMap((placed, index) =>
      index === page
        ? []
        : placed
            .filter(({ slot }) => {
              const ticket = live.entries.get(slot.id)
              return ticket !== undefined && wants(ticket)
            })
            .map(() => index),
    )
    return hits[0] === undefined ? [] : [{ label: label(hits.length), page: hits[0] }]
  }
  return [
    ...find(
      (count) => `✎ ${plural(count, 'change')}`,
      (ticket) => pendingStamps(ticket).length > 0,
    ),
    ...find(
      (count) => `⚡ ${count} rush`,
      (ticket) => ticket.priority !== 'normal' && unseen.has(ticket.id),
    ),
    ...find(
      (count) => `${count} new`,
      (ticket) => unseen.has(ticket.id),
    ),
  ]
}

function Pager({ pages, page, onPage }: Pick<HeadProps, 'pages' | 'page' | 'onPage'>) {
  const count = Math.max(pages.length, page + 1)
  return (
    <nav className="pager" aria-label="Pages">
      <button
        type="button"
        className="button"
        disabled={page === 0}
        aria-label="Previous page"
        onClick={() => onPage(page - 1)}
      >
        ◀
      </button>
      <span className="page-count">
        {page + 1}/{count}
      </span>
      <button
        type="button"
        className="button"
        disabled={page + 1 >= count}
        aria-label="Next page"
        onClick={() => onPage(page + 1)}
      >
        ▶
      </button>
    </nav>
  )
}

export function BoardHead(props: HeadProps) {
  const { station, live, pages, page, onPage, drawer, onDrawer } = props
  const unseen = useUnseen(props)
  const toggle = (which: Drawer) => onDrawer(drawer === which ? 'none' : which)
  return (
    <header className="top">
      <h1>{station.name}</h1>
      <Freshness />
      <Counts live={live} />
      <div className="calls">
        {callsOf(props, unseen).map((call) => (
          <button
            key={call.label}
            type="button"
            className="button attention"
            onClick={() => onPage(call.page)}
          >
            {call.label} · p. {call.page + 1}
          </button>
        ))}
      </div>
      <Pager pages={pages} page={page} onPage={onPage} />
      <button
        type="button"
        className="button"
        aria-pressed={drawer === 'allDay'}
        onClick={() => toggle('allDay')}
      >
        Σ All day
      </button>
      <button
        type="button"
        className="button"
        aria-pressed={drawer === 'recall'}
        onClick={() => toggle('recall')}
      >
        ↶ Recall
      </button>
      <SoundButton />
      <Clock />
    </header>
  )
}
