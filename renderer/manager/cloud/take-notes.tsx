/** @file What either answer of the last step means for this PC and for the restaurant, said before it happens. Reads the client. */
import { Panel } from '../../shared/components/panel.tsx'
import { noun, plural } from '../../shared/format.ts'
import { useDocument, useStream } from '../../shared/hooks.ts'
import type { Draft, Take } from './types.ts'

/** What the restaurant is called; with a device code only the cloud knows. */
export function targetOf({ way, choice, signedIn }: Draft): string {
  if (way === 'code' || !choice) return 'the restaurant of the code'
  if ('create' in choice) return choice.create
  return signedIn?.restaurants.find(({ id }) => id === choice.id)?.name ?? 'the restaurant'
}

/** Tickets that stand on this PC's boards. */
export function useOpenTickets(): number {
  return useStream('tickets', { scope: 'open' }).entries.size
}

/** What happens to them when the restaurant's orders take their place. */
export function tellLeaving(open: number): string {
  return `${plural(open, 'open ticket')} ${noun(open, 'leaves', 'leave')} the boards of this PC`
}

interface NotesProps {
  take: Take
  /** Whether the restaurant is known to hold nothing; null when nobody knows yet. */
  empty: boolean | null
  open: number
}

function Download({ open }: { open: number }) {
  return (
    <p className="notice">
      <b>Plate starts again</b>, which takes some seconds. Choose a quiet moment.{' '}
      {open > 0 && <b>⚠ {tellLeaving(open)}.</b>}
    </p>
  )
}

function Upload({ empty }: { empty: boolean | null }) {
  const { demo } = useDocument('settings').body
  return (
    <>
      {demo && (
        <p className="notice">
          <b>⚠ This PC runs the demo restaurant.</b> Its demo menu and orders would be sent.
        </p>
      )}
      {empty !== true && (
        <p className="notice">
          <b>
            ⚠{' '}
            {empty === null
              ? 'The restaurant may have orders already.'
              : 'This restaurant has orders already.'}
          </b>{' '}
          Both sets are put together, and the newer menu counts for all.
        </p>
      )}
    </>
  )
}

export function Notes({ take, empty, open }: NotesProps) {
  return take === 'download' ? <Download open={open} /> : <Upload empty={empty} />
}

interface SureProps {
  open: number
  target: string
  onYes: () => void
  onClose: () => void
}

/** Asks once more while guests' orders are being cooked. */
export function SureDialog({ open, target, onYes, onClose }: SureProps) {
  return (
    <Panel as="over" title={`Take over now, with ${plural(open, 'open ticket')}?`} onClose={onClose}>
      <div className="stack">
        <p>
          <b>{tellLeaving(open)}</b> and {noun(open, 'is', 'are')} kept in a file beside. The kitchen does not
          see {noun(open, 'it', 'them')} any more; the boards then show what is open in {target}.
        </p>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            onClose()
            onYes()
          }}
        >
          Take over now
        </button>
      </div>
    </Panel>
  )
}
