/** @file Which page of how many, the way to the next, and what wants attention on the others. Draws only. */
import { useEffect, useState } from 'react'
import type { TicketView } from '../../../shared/domain/view.ts'
import { plural } from '../format.ts'
import { pendingStamps } from './actions.ts'
import type { BoardPages } from './use-board.ts'

/** Tickets that arrived and have not been looked at. */
function useUnseen({ pages, page }: BoardPages): ReadonlySet<string> {
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

/** Pages other than the one in sight, once for each ticket on them that `wants` names. */
function pagesWith(board: BoardPages, wants: (ticket: TicketView) => boolean): number[] {
  return board.pages.flatMap((placed, page) => {
    if (page === board.page) return []
    const hits = placed.filter(({ slot }) => {
      const ticket = board.live.entries.get(slot.id)
      return ticket !== undefined && wants(ticket)
    })
    return hits.map(() => page)
  })
}

function callsOf(board: BoardPages, unseen: ReadonlySet<string>): Call[] {
  const call = (label: (count: number) => string, wants: (ticket: TicketView) => boolean): Call[] => {
    const found = pagesWith(board, wants)
    return found[0] === undefined ? [] : [{ label: label(found.length), page: found[0] }]
  }
  const isNew = (ticket: TicketView) => unseen.has(ticket.id)
  return [
    ...call(
      (count) => `✎ ${plural(count, 'change')}`,
      (ticket) => pendingStamps(ticket).length > 0,
    ),
    ...call(
      (count) => `⚡ ${count} rush`,
      (ticket) => ticket.priority !== 'normal' && isNew(ticket),
    ),
    ...call((count) => `${count} new`, isNew),
  ]
}

/** The page does not turn by itself, so the header says what is elsewhere. */
export function Calls({ board }: { board: BoardPages }) {
  const unseen = useUnseen(board)
  return (
    <div className="calls">
      {callsOf(board, unseen).map(({ label, page }) => (
        <button key={label} type="button" className="button attention" onClick={() => board.turn(page)}>
          {label} · p. {page + 1}
        </button>
      ))}
    </div>
  )
}

export function Pager({ board }: { board: BoardPages }) {
  const { page, count, turn } = board
  return (
    <nav className="pager" aria-label="Pages">
      <button
        type="button"
        className="button"
        disabled={page === 0}
        aria-label="Previous page"
        onClick={() => turn(page - 1)}
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
        onClick={() => turn(page + 1)}
      >
        ▶
      </button>
    </nav>
  )
}
