/** @file Lines to carry to another PC, copied with one button. Touches the clipboard. */
import { useRef, useState } from 'react'

interface LinesProps {
  label: string
  lines: readonly string[]
}

/** Selects what `element` shows and copies it: this needs no permission, and works where a page may not ask for one. */
function copied(element: HTMLElement): boolean {
  getSelection()?.selectAllChildren(element)
  return document.execCommand('copy')
}

const SAID = { yes: '✓ Copied', no: 'Selected: copy with Ctrl+C' } as const

export function CopyLines({ label, lines }: LinesProps) {
  const text = useRef<HTMLOutputElement>(null)
  const [said, setSaid] = useState<keyof typeof SAID | null>(null)
  const copy = () => text.current && setSaid(copied(text.current) ? 'yes' : 'no')
  return (
    <div className="copy-lines">
      <output ref={text} aria-label={label}>
        {lines.join('\n')}
      </output>
      <button type="button" className="button" onClick={copy}>
        {said ? SAID[said] : 'Copy'}
      </button>
    </div>
  )
}
