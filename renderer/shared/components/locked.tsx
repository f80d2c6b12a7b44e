/** @file The cover of every screen while a manager has taken this PC out of the restaurant. Reads the client. */
import { Activity, type ReactNode } from 'react'
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { momentsFrom, unsentSentences } from '../cloud-words.ts'
import { useDocument, useNow, useStatus } from '../hooks.ts'
import { useWords } from '../words.ts'

function Cover({ cloud }: { cloud: CloudStatus }) {
  const { since, says } = cloud
  const words = useWords()
  const unsent = unsentSentences(cloud).join(' ')
  const { timeZone } = useDocument('settings').body
  const when = momentsFrom(useNow(60_000), timeZone)
  return (
    <main className="full-message locked" role="alert">
      <svg className="lock-icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M7 10V7a5 5 0 0 1 10 0v3" />
        <rect x="4" y="10" width="16" height="11" rx="2" />
      </svg>
      <h1>This PC was locked</h1>
      <p className="whom">
        {says ? words.say(says) : 'A manager removed this PC from the restaurant. Call a manager.'}
      </p>
      <p>Its orders are kept here. {unsent ? <b>{unsent}</b> : 'All of them were sent.'}</p>
      <p className="muted">
        Locked since {when(since)}. This screen opens by itself when the PC is let in again.
      </p>
    </main>
  )
}

/**
 * Shows `children` unless this PC is locked. Behind the cover they keep what was typed but are neither drawn nor
 * listening: a bump bar must not bump what nobody sees.
 */
export function LockedOr({ children }: { children: ReactNode }) {
  const cloud = useStatus('cloud')
  const locked = cloud?.state === 'locked'
  return (
    <>
      {locked && <Cover cloud={cloud} />}
      <Activity mode={locked ? 'hidden' : 'visible'}>{children}</Activity>
    </>
  )
}
