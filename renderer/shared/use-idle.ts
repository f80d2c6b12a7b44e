/** @file Tells when nobody has touched the screen for a while. Touches pointer and key events. */
import { useEffect, useRef } from 'react'

/** A shared screen signs its person out after this long without a touch. */
export const IDLE_MS = 5 * 60_000

/** How many parts of the page must not be taken away now. */
let awake = 0

/** Keeps the person signed in while `active`: they are expected to be away from the screen. */
export function useAwake(active: boolean): void {
  useEffect(() => {
    if (!active) return
    awake += 1
    return () => {
      awake -= 1
    }
  }, [active])
}

/** Calls `idle` once after `IDLE_MS` without a touch, while `active`. */
export function useIdle(active: boolean, idle: () => void): void {
  const latest = useRef(idle)
  useEffect(() => {
    latest.current = idle
  })
  useEffect(() => {
    if (!active) return
    let timer: ReturnType<typeof setTimeout>
    const again = () => {
      clearTimeout(timer)
      timer = setTimeout(() => (awake > 0 ? again() : latest.current()), IDLE_MS)
    }
    again()
    addEventListener('pointerdown', again)
    addEventListener('keydown', again)
    return () => {
      clearTimeout(timer)
      removeEventListener('pointerdown', again)
      removeEventListener('keydown', again)
    }
  }, [active])
}
