/** @file A panel at the side of a page, or a dialog over it, closed by its button or Escape. Draws only. */
import { type ReactNode, useEffect, useId, useRef } from 'react'

interface PanelProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** `side` stands beside the board, `float` lies over its edge so that nothing moves, `over` covers it. */
  as?: 'side' | 'float' | 'over'
}

export function Panel({ title, onClose, children, as = 'side' }: PanelProps) {
  const id = useId()
  const closeButton = useRef<HTMLButtonElement>(null)
  const latest = useRef(onClose)
  useEffect(() => {
    latest.current = onClose
  })
  // Once only: news from the core must not take the focus out of a field.
  useEffect(() => {
    closeButton.current?.focus()
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') latest.current()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  }, [])
  return (
    <section className={`panel ${as}`} role="dialog" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="button" ref={closeButton} onClick={onClose}>
          Close
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </section>
  )
}
