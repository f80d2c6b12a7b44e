/** @file What it means that this PC was in a restaurant before: it goes on there, or leaves unsent changes behind. Draws only. */
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import { waiting } from '../../shared/cloud-words.ts'
import { noun, plural } from '../../shared/format.ts'

interface FormerProps {
  former: NonNullable<CloudInfo['former']>
}

export function GoesOn({ former }: FormerProps) {
  return (
    <p className="notice">
      <b>This PC was in {former.name} before.</b> Its orders and menu stay, and it gets what it has missed
      since. {waiting({ outbox: former.unsent, parked: 0 })}
    </p>
  )
}

export function MayGoOn({ former }: FormerProps) {
  return (
    <p className="notice">
      <b>This PC was in {former.name} before.</b> With a code of {former.name} it goes on where it was,
      whatever is chosen here. {waiting({ outbox: former.unsent, parked: 0 })}
    </p>
  )
}

interface AsideProps extends FormerProps {
  agreed: boolean
  onAgree: (yes: boolean) => void
}

export function AsideBox({ former, agreed, onAgree }: AsideProps) {
  const { name, unsent } = former
  return (
    <label className="option">
      <input type="checkbox" checked={agreed} onChange={(event) => onAgree(event.target.checked)} />
      <span>
        <b>
          ⚠ {plural(unsent, 'change')} of this PC {noun(unsent, 'was', 'were')} never sent to {name}.
        </b>{' '}
        Set {noun(unsent, 'it', 'them')} aside in the file; no other PC will see {noun(unsent, 'it', 'them')}.
      </span>
    </label>
  )
}
