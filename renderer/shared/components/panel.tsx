/** @file A panel at the side of a page, or a dialog over it that keeps the page out of reach; closed by its button or Escape. Draws only. */
import { type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useRef } from 'react'

interface PanelProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** `side` stands beside the board, `float` lies over its edge so that nothing moves, `over` covers the page. */
  as?: 'side' | 'float' | 'over'
}

type FrameProps = Required<PanelProps>

/** The first thing to do in it. Nothing is taken away because somebody pressed Enter too long. */
const FIRST = ['input', 'select', 'textarea', 'summary', 'button:not(.danger)']
  .map((control) => `.panel-body ${control}:not(:disabled)`)
  .join()

function Content({ id, title, onClose, children }: Omit<FrameProps, 'as'> & { id: string }) {
  return (
    <>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="button panel-close" onClick={onClose}>
          Close
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </>
  )
}

function Beside({ as, onClose, ...content }: FrameProps) {
  const id = useId()
  const frame = useRef<HTMLElement>(null)
  const latest = useRef(onClose)
  useEffect(() => {
    latest.current = onClose
  })
  // Once only: news from the core must not take the focus out of a field.
  useEffect(() => {
    frame.current?.querySelector<HTMLElement>('.panel-close')?.focus()
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') latest.current()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  }, [])
  return (
    <section ref={frame} className={`panel ${as}`} role="dialog" aria-labelledby={id}>
      <Content id={id} onClose={onClose} {...content} />
    </section>
  )
}

/** Opens it over the page; the browser gives the focus back to where it was when it closes. */
function useModal(frame: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const dialog = frame.current
    if (!dialog) return
    const first = () => {
      const target = dialog.querySelector<HTMLElement>(FIRST) ?? dialog.querySelector('button')
      target?.focus()
    }
    dialog.showModal()
    first()
    // A form that makes room for the next one takes the focus with it.
    const watch = new MutationObserver(() => {
      if (!dialog.contains(document.activeElement)) first()
    })
    watch.observe(dialog, { childList: true, subtree: true })
    return () => {
      watch.disconnect()
      dialog.close()
    }
  }, [frame])
}

function Over({ as, onClose, ...content }: FrameProps) {
  const id = useId()
  const frame = useRef<HTMLDialogElement>(null)
  useModal(frame)
  return (
    <dialog
      ref={frame}
      className={`panel ${as}`}
      aria-labelledby={id}
      onCancel={(event) => {
        // Only the page takes it away, so that both always agree.
        event.preventDefault()
        onClose()
      }}
      onClose={(event) => {
        if (!event.currentTarget.open) onClose()
      }}
    >
      <Content id={id} onClose={onClose} {...content} />
    </dialog>
  )
}

export function Panel({ as = 'side', ...props }: PanelProps) {
  return as === 'over' ? <Over as={as} {...props} /> : <Beside as={as} {...props} />
}
