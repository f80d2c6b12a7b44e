/** @file Trades a pairing code for this browser's own key (a cookie). Touches the network. */
import { type Failure, fail, type Outcome } from '../../shared/domain/errors.ts'
import type { ScreenKind } from '../../shared/domain/roles.ts'

export interface Joined {
  kind: ScreenKind
  station: string | null
}

const UNREACHABLE = fail('busy', { why: 'unreachable' })

/** Sends the code to the hub this page came from. */
export async function redeem(code: string, ask: typeof fetch = fetch): Promise<Outcome<Joined>> {
  try {
    const response = await ask('/api/pair', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    })
    const answer = (await response.json()) as { device?: Joined; error?: Failure }
    if (answer.device) return { ok: true, value: answer.device }
    return answer.error ? { ok: false, error: answer.error } : UNREACHABLE
  } catch {
    return UNREACHABLE
  }
}

/** The page of a newly paired screen. */
export function pageOf({ kind, station }: Joined): string {
  const query = station === null ? '' : `?station=${encodeURIComponent(station)}`
  return `/${kind}/${query}`
}
