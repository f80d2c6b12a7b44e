/** @file The connection's state in words, with a sign. Reads the client. */
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { cloudWords, momentsFrom } from '../../shared/cloud-words.ts'
import { CloudIcon } from '../../shared/components/cloud-icon.tsx'
import { useDocument, useNow } from '../../shared/hooks.ts'
import { useWords } from '../../shared/words.ts'

export function StateLine({ status }: { status: CloudStatus }) {
  const { timeZone } = useDocument('settings').body
  const when = momentsFrom(useNow(10_000), timeZone)
  const { title, text, warn } = cloudWords(status, when, useWords())
  const away = status.state === 'away' || status.state === 'refused'
  return (
    <p className={`state-line ${warn ? 'warn' : status.state}`} role="status" aria-label="State">
      <CloudIcon away={away} />
      <span>
        <b>{title}</b> {text}
      </span>
    </p>
  )
}
