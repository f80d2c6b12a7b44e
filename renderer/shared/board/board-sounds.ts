/** @file Says aloud what happens on a board, and again until somebody has acknowledged it. Plays sounds. */
import { useEffect, useRef } from 'react'
import type { TicketView } from '../../../shared/domain/view.ts'
import type { Live } from '../shared-streams.ts'
import { type Chime, useSounds } from '../sound.ts'

/** How often an unacknowledged change, void or cancellation is said again. */
export const REPEAT_MS = 10_000

function pendingOf(ticket: TicketView): { stamps: string[]; grave: boolean } {
  const waiting = ticket.items.filter((item) => item.pending.length > 0)
  return {
    stamps: [...ticket.pending, ...waiting.flatMap((item) => item.pending)],
    grave: ticket.pending.length > 0 || waiting.some((item) => item.voided !== null),
  }
}

interface Heard {
  tickets: ReadonlySet<string>
  stamps: ReadonlySet<string>
}

/** What to play for a board that stood at `before` and stands at `now`; the gravest news wins. */
function newsOf(
  before: Heard | null,
  tickets: ReadonlyMap<string, TicketView>,
): { heard: Heard; chime: Chime | null } {
  const stamps = new Set<string>()
  let chime: Chime | null = null
  for (const ticket of tickets.values()) {
    const pending = pendingOf(ticket)
    for (const stamp of pending.stamps) stamps.add(stamp)
    const fresh = pending.stamps.some((stamp) => !before?.stamps.has(stamp))
    if (fresh) chime = pending.grave || chime === 'void' ? 'void' : 'change'
    else if (before && !before.tickets.has(ticket.id)) chime ??= 'new'
  }
  return { heard: { tickets: new Set(tickets.keys()), stamps }, chime }
}

/** The chime that must sound again while anything waits for an acknowledgement, or null. */
function openChime(tickets: ReadonlyMap<string, TicketView>): Chime | null {
  const pending = [...tickets.values()].map(pendingOf)
  if (pending.some(({ stamps, grave }) => stamps.length > 0 && grave)) return 'void'
  return pending.some(({ stamps }) => stamps.length > 0) ? 'change' : null
}

export function useBoardSounds({ entries, loaded }: Live<'tickets'>): void {
  const { sounds, state } = useSounds()
  const heard = useRef<Heard | null>(null)
  useEffect(() => {
    if (!loaded) return
    const news = newsOf(heard.current, entries)
    heard.current = news.heard
    if (news.chime) sounds.play(news.chime)
  }, [entries, loaded, sounds])

  const again = openChime(entries)
  useEffect(() => {
    if (!again || state !== 'on') return
    const timer = setInterval(() => sounds.play(again), REPEAT_MS)
    return () => clearInterval(timer)
  }, [again, state, sounds])
}
