/** @file The undo toast: what was just done, with a way back for a few seconds. Draws only. */

import { useEffect } from 'react'
import { Sign } from './sign.tsx'

/** How long a person can take a bump back from the toast. */
export const UNDO_MS = 5_000

interface UndoToastProps {
  /** Changes with every new thing that can be undone, so that each gets its full time. */
  id: number
  text: string
  onUndo: () => void
  onGone: () => void
}

export function UndoToast({ id, text, onUndo, onGone }: UndoToastProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new id restarts the time
  useEffect(() => {
    const timer = setTimeout(onGone, UNDO_MS)
    return () => clearTimeout(timer)
  }, [id, onGone])
  return (
    <div className="toast" role="status" aria-label="Undo">
      <span>{text}</span>
      <button type="button" className="button" onClick={onUndo}>
        <Sign>↶</Sign>Undo
      </button>
    </div>
  )
}
