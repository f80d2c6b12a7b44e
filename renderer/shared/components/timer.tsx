/** @file A ticket's age by the core's clock: number, word and sign together, so that colour is never the only one. Reads the client. */
import { age } from '../format.ts'
import { useNow } from '../hooks.ts'

export type Lateness = 'fresh' | 'warn' | 'late'

/** How late a ticket is at `now`, by its station's limits (s). */
export function lateness(
  since: number,
  now: number,
  limits: { warnAfter: number; lateAfter: number },
): Lateness {
  const seconds = (now - since) / 1_000
  if (seconds >= limits.lateAfter) return 'late'
  return seconds >= limits.warnAfter ? 'warn' : 'fresh'
}

const SIGNS = { fresh: ['', ''], warn: ['▲', 'Slow'], late: ['⚠', 'LATE'] } as const

interface TimerProps {
  since: number | null
  limits: { warnAfter: number; lateAfter: number }
}

export function Timer({ since, limits }: TimerProps) {
  const now = useNow()
  if (since === null) return <span className="timer none">–:––</span>
  const state = lateness(since, now, limits)
  const [sign, word] = SIGNS[state]
  return (
    <span className={`timer ${state}`} data-late={state}>
      {word && (
        <span className="timer-word">
          <span aria-hidden="true">{sign}</span> {word}
        </span>
      )}
      <time>{age(now - since)}</time>
    </span>
  )
}
