/** @file The full-screen message when the core refuses this screen, with what to do. Touches the page's location and session storage. */
import { useEffect } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import { bridge } from '../bridge.ts'
import { useClient } from '../hooks.ts'
import { useWords } from '../words.ts'

const RELOADED = 'plate.reloaded'

interface Advice {
  title: string
  advice: string
}

const ADVICE: Readonly<Record<string, Advice>> = {
  notPaired: {
    title: 'This screen is not paired',
    advice: 'Ask a manager for a pairing code (Manager → Devices → Pair a screen), then pair this screen.',
  },
  revoked: {
    title: 'This screen was removed',
    advice: 'A manager revoked this screen. To use it again, pair it with a new code.',
  },
  versionMismatch: {
    title: 'This screen runs another version of Plate',
    advice: 'Reload the page. If that does not help, update Plate on the PC that is behind.',
  },
  notAllowed: {
    title: 'This screen may not show this page',
    advice: 'It was paired for another kind of page. Ask a manager to pair it again.',
  },
}

/** A screen that works again may reload itself the next time, too. */
export function forgetReload(): void {
  sessionStorage.removeItem(RELOADED)
}

/** Where the page goes by itself: to pairing, or once to a fresh copy of itself. */
function useWayOut(code: string, go: Pick<Location, 'assign' | 'reload'>): void {
  useEffect(() => {
    if (code === 'notPaired' && !bridge()) go.assign('/join/')
    if (code === 'versionMismatch' && !sessionStorage.getItem(RELOADED)) {
      sessionStorage.setItem(RELOADED, '1')
      go.reload()
    }
  }, [code, go])
}

export function Refused({
  failure,
  go = location,
}: {
  failure: Failure
  go?: Pick<Location, 'assign' | 'reload'>
}) {
  const client = useClient()
  const words = useWords()
  useWayOut(failure.code, go)
  const { title, advice } = ADVICE[failure.code] ?? { title: 'The core refused this screen', advice: '' }
  const pairable = !bridge() && failure.code !== 'versionMismatch'
  return (
    <main className="full-message" role="alert">
      <h1>{title}</h1>
      <p>{words.failure(failure)}</p>
      <p>{advice}</p>
      <div className="row">
        {pairable && (
          <a className="button primary" href="/join/">
            Pair this screen
          </a>
        )}
        <button
          type="button"
          className="button"
          onClick={() => (failure.code === 'versionMismatch' ? go.reload() : client.reconnect())}
        >
          {failure.code === 'versionMismatch' ? 'Reload' : 'Try again'}
        </button>
      </div>
    </main>
  )
}
