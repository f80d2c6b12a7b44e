/** @file Keeps the slots of a board current, and closes gaps only while no finger is near. Touches pointer and key events. */
import { useEffect, useRef, useState } from 'react'
import type { TicketView } from '../../../shared/domain/view.ts'
import type { Grid } from './measure.ts'
import { compact, reconcile, type Slot } from './slots.ts'

/** Nobody touched the screen for this long: now things may move. */
export const PAUSE_MS = 1_500

const TOUCHES = ['pointerdown', 'pointermove', 'pointerup', 'wheel', 'keydown', 'keyup'] as const

/** When the screen was last touched; `Infinity` while a finger rests on it. */
function useLastTouch() {
  const last = useRef(0)
  useEffect(() => {
    const touched = (event: Event) => {
      last.current =
        event.type === 'pointerdown' ? Number.POSITIVE_INFINITY : Math.max(pressed(event), Date.now())
    }
    // A finger that moves is still down; a mouse that moves may have no button pressed.
    const pressed = (event: Event) =>
      event.type === 'pointermove' && (event as PointerEvent).buttons > 0 ? Number.POSITIVE_INFINITY : 0
    const released = () => {
      last.current = Date.now()
    }
    for (const type of TOUCHES) addEventListener(type, touched, { capture: true, passive: true })
    addEventListener('pointercancel', released, { capture: true })
    return () => {
      for (const type of TOUCHES) removeEventListener(type, touched, { capture: true })
      removeEventListener('pointercancel', released, { capture: true })
    }
  }, [])
  return last
}

/** Places of the tickets. Stable under arrivals, changes and departures; gaps close in a pause. */
export function useSlots(
  tickets: ReadonlyMap<string, TicketView>,
  grid: Grid,
  heightOf: (ticket: TicketView) => number,
): readonly Slot[] {
  const [slots, setSlots] = useState<readonly Slot[]>([])
  const lastTouch = useLastTouch()
  const next = reconcile(slots, tickets, (ticket) => (heightOf(ticket) > grid.cell ? 2 : 1))
  if (next !== slots) setSlots(next)

  const gaps = next.some((slot) => slot.gap)
  // From the first gap on, whatever else happens: in a rush something always happens, and gaps must not fill the page.
  useEffect(() => {
    if (!gaps) return
    const since = Date.now()
    let timer: ReturnType<typeof setTimeout>
    const attempt = () => {
      const quiet = Date.now() - Math.max(since, lastTouch.current)
      if (quiet >= PAUSE_MS) setSlots(compact)
      else timer = setTimeout(attempt, Math.min(PAUSE_MS, PAUSE_MS - quiet))
    }
    timer = setTimeout(attempt, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [gaps, lastTouch])
  return next
}
