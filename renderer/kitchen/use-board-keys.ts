/** @file What the keys of a bump bar do to a board: the ticket and item they stand on, and the actions there. Calls actions. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { RecentTicket } from '../../shared/contract/contract.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { pendingStamps, ticketKey } from '../shared/board/actions.ts'
import { byCourse } from '../shared/board/courses.ts'
import type { BoardActions } from '../shared/board/use-actions.ts'
import type { BoardPages } from '../shared/board/use-board.ts'
import type { BoardAction } from './legends.ts'
import type { Drawer } from './types.ts'

interface KeysInput {
  board: BoardPages
  acting: BoardActions
  drawer: Drawer
  setDrawer: (drawer: Drawer) => void
  recent: readonly RecentTicket[]
  recall: (ticket: TicketView) => void
}

export interface BoardKeys {
  /** By id: a ticket stays selected wherever it stands, and nothing else ever takes its place. */
  selected: string | null
  cursor: string | null
  hint: string | null
  select: (id: string) => void
  act: (action: BoardAction) => void
}

const HINT_MS = 3_000
/** A ticket that was selected by itself is not bumped before it was in sight for so long (ms): a key that bounces takes nobody. */
const SHOWN_MS = 300

/** Items in the order they are drawn. */
const itemsOf = (ticket: TicketView) => byCourse(ticket.items).flatMap((course) => course.items)

function useHint(): [string | null, (hint: string) => void] {
  const [hint, setHint] = useState<string | null>(null)
  useEffect(() => {
    if (!hint) return
    const timer = setTimeout(() => setHint(null), HINT_MS)
    return () => clearTimeout(timer)
  }, [hint])
  return [hint, setHint]
}

export function useBoardKeys(input: KeysInput): BoardKeys {
  const { board, acting, drawer, setDrawer } = input
  const { page, count, turn } = board
  const { actions } = acting
  const placed = board.pages[page] ?? []
  const tickets = board.live.entries
  const [chosen, setChosen] = useState<string | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const [hint, setHint] = useHint()
  const ticket = chosen === null ? undefined : tickets.get(chosen)
  const selected = ticket ? chosen : null

  const arriving = useRef<string | null>(null)
  const select = useCallback((id: string) => {
    arriving.current = null
    setChosen(id)
    setCursor(null)
  }, [])
  /** On to the ticket after `id`, from the last one of the page to its first: a cook presses one key as often as there are plates. */
  function selectAfter(id: string): void {
    const ids = placed.map(({ slot }) => slot.id)
    const at = ids.indexOf(id)
    const next = [...ids.slice(at + 1), ...ids.slice(0, Math.max(at, 0))].find(
      (other) => tickets.has(other) && actions.pressed.get(ticketKey(other)) === undefined,
    )
    if (next === undefined) return
    select(next)
    arriving.current = next
    setTimeout(() => {
      if (arriving.current === next) arriving.current = null
    }, SHOWN_MS)
  }
  function selectPlace(place: number): void {
    const id = placed[place - 1]?.slot.id
    if (id !== undefined && tickets.has(id)) select(id)
    else setHint(`No ticket ${place} on this page`)
  }
  function step(by: number): void {
    const ids = placed.map(({ slot }) => slot.id).filter((id) => tickets.has(id))
    const at = selected === null ? -1 : ids.indexOf(selected)
    const next = at < 0 ? ids.at(by > 0 ? 0 : -1) : ids[at + by]
    if (next !== undefined) select(next)
  }
  function moveCursor(by: number): void {
    if (!ticket) {
      needTicket()
      return
    }
    const ids = itemsOf(ticket).map((item) => item.id)
    const at = cursor === null ? -1 : ids.indexOf(cursor)
    const next = at < 0 ? ids.at(by > 0 ? 0 : -1) : ids[at + by]
    if (next !== undefined) setCursor(next)
  }
  function needTicket(): void {
    setHint('Choose a ticket first: press its number')
  }
  function bump(): void {
    if (!ticket) needTicket()
    else if (pendingStamps(ticket).length > 0) actions.acknowledge(ticket)
    else if (arriving.current !== ticket.id) {
      actions.bumpTicket(ticket)
      selectAfter(ticket.id)
    }
  }
  function bumpItem(): void {
    const item = ticket?.items.find((candidate) => candidate.id === cursor)
    if (ticket && item) actions.tapItem(ticket, item)
    else if (ticket) moveCursor(1)
    else needTicket()
  }
  function recall(): void {
    // While the last bump can be taken back, that is what the key is for.
    if (acting.undo) acting.takeBack()
    else setDrawer(drawer === 'recall' ? 'none' : 'recall')
  }
  function home(): void {
    turn(0)
    setChosen(null)
    setDrawer('none')
  }
  function number(place: number): void {
    const row = drawer === 'recall' ? input.recent[place - 1] : undefined
    if (row) input.recall(row.ticket)
    else if (drawer !== 'recall') selectPlace(place)
  }

  const simple: Record<Exclude<BoardAction, object>, () => void> = {
    bump,
    bumpItem,
    recall,
    home,
    left: () => step(-1),
    right: () => step(1),
    up: () => moveCursor(-1),
    down: () => moveCursor(1),
    // One key for pages goes round; a second press is quicker than a second key.
    nextPage: () => turn((page + 1) % count),
    previousPage: () => turn((page - 1 + count) % count),
    summary: () => setDrawer(drawer === 'allDay' ? 'none' : 'allDay'),
  }
  const act = (action: BoardAction) => {
    if (typeof action === 'object') number(action.select)
    else simple[action]()
  }
  return { selected, cursor, hint, select, act }
}
