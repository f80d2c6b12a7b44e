/** @file Asks why something is voided, cancelled or given up: others read it. Draws only. */
import { useState } from 'react'

/** Why a guest's order or dish is taken back. */
const USUAL = ['Guest changed their mind', 'Entered by mistake', 'Sold out', 'Waited too long', 'Quality']

interface ReasonProps {
  /** What will happen, on the button. */
  action: string
  busy: boolean
  /** Reasons to choose from; any other can be typed. */
  usual?: readonly string[]
  onConfirm: (reason: string) => void
}

export function ReasonForm({ action, busy, usual = USUAL, onConfirm }: ReasonProps) {
  const [reason, setReason] = useState('')
  return (
    <div className="form">
      <div className="row">
        {usual.map((each) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={reason === each}
            onClick={() => setReason(each)}
          >
            {each}
          </button>
        ))}
      </div>
      <label>
        Reason
        <input maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <button
        type="button"
        className="button danger"
        disabled={busy || reason.trim() === ''}
        onClick={() => onConfirm(reason.trim())}
      >
        {action}
      </button>
    </div>
  )
}
