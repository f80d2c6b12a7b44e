/** @file A list in a box of fixed height that says how much is below its edge: nothing may be cut off unseen. Draws only. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'

/** A row counts as hidden when more than this many px of it are below the edge. */
const SLACK = 8

function hiddenRows(box: HTMLElement): number {
  const edge = box.scrollTop + box.clientHeight + SLACK
  return [...box.querySelectorAll<HTMLElement>('[data-row]')].filter(
    (row) => row.offsetTop - box.offsetTop + row.offsetHeight > edge,
  ).length
}

export function MoreList({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [hidden, setHidden] = useState(0)
  const measure = useCallback(() => {
    if (box.current) setHidden(hiddenRows(box.current))
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows mean other heights
  useEffect(() => {
    measure()
    const observer = new ResizeObserver(measure)
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [measure, children])
  const down = () => {
    const { current } = box
    current?.scrollBy({ top: current.clientHeight * 0.8 })
  }
  return (
    <div className="more-box">
      <div className="more-list" ref={box} onScroll={measure}>
        {children}
      </div>
      {hidden > 0 && (
        <button type="button" className="more-button" onClick={down}>
          {hidden} more ↓
        </button>
      )}
    </div>
  )
}
