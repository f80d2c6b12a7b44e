/** @file Asks why something is voided or cancelled: the kitchen reads it. Draws only. */
import { useState } from 'react'

const USUAL = ['Guest changed their mind', 'Entered by mistake', 'Sold out', 'Waited too long', 'Quality']

interface ReasonProps {
  /** What will happen, on the button. */
  action: string
  busy: boolean
  onConfirm: (reason: string) => void
}

export function ReasonForm({ action, busy, onConfirm }: ReasonProps) {
  const [reason, setReason] = useState('')
  return (
    <div className="form">
      <div className="row">
        {USUAL.map((usual) => (
          <button
            key={usual}
            type="button"
            className="button"
            aria-pressed={reason === usual}
            onClick={() => setReason(usual)}
          >
            {usual}
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
