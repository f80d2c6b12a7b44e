/** @file Turns key releases into board actions: a bump bar is a keyboard whose most used key is a bare modifier. Touches the window's key events. */
import { useEffect, useLayoutEffect, useRef } from 'react'
import { type BoardAction, LEGENDS, type LegendName } from './legends.ts'

/** Keys that press a focused button or write into a field are left alone when a person got there with Tab. */
function isTyping(event: KeyboardEvent, tabbed: boolean): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null
  if (target?.closest('input, textarea, select')) return true
  const presses = event.code === 'Enter' || event.code === 'Space'
  if (!presses || !target?.closest('button, a')) return false
  return tabbed || target.closest('[role=dialog]') !== null
}

/** Follows which keys are down, so that a chord (Ctrl+R, Ctrl+click) is never taken for a bump. */
function createKeys(legend: Readonly<Record<string, BoardAction>>, act: (action: BoardAction) => void) {
  const down = new Set<string>()
  let chord = false
  let tabbed = false
  return {
    keydown(event: KeyboardEvent) {
      if (event.code === 'Tab') tabbed = true
      if (down.size > 0 && !down.has(event.code)) chord = true
      down.add(event.code)
      if (legend[event.code] && !isTyping(event, tabbed)) event.preventDefault()
    },
    keyup(event: KeyboardEvent) {
      const known = down.delete(event.code)
      const alone = known && !chord
      if (down.size === 0) chord = false
      const action = legend[event.code]
      if (alone && action && !isTyping(event, tabbed)) act(action)
    },
    pointerdown() {
      tabbed = false
      if (down.size > 0) chord = true
    },
    // What is released while another window has the focus is never heard of.
    blur() {
      down.clear()
      chord = false
    },
  }
}

export function useBumpBar(legend: LegendName, act: (action: BoardAction) => void): void {
  const latest = useRef(act)
  // Before the next paint: a key pressed at what is seen must act on what is seen.
  useLayoutEffect(() => {
    latest.current = act
  })
  useEffect(() => {
    const keys = createKeys(LEGENDS[legend], (action) => latest.current(action))
    addEventListener('keydown', keys.keydown)
    addEventListener('keyup', keys.keyup)
    addEventListener('pointerdown', keys.pointerdown)
    addEventListener('blur', keys.blur)
    return () => {
      removeEventListener('keydown', keys.keydown)
      removeEventListener('keyup', keys.keyup)
      removeEventListener('pointerdown', keys.pointerdown)
      removeEventListener('blur', keys.blur)
    }
  }, [legend])
}
