/** @file One call to the REST side: a time limit over the whole answer, its shape checked, every failure a value. Opens connections. */
import * as z from 'zod/mini'
import { say } from '../../../shared/domain/messages/index.ts'
import type { CloudFailure } from '../../core/ports.ts'
import { type Verdict, verdictOn } from './failure.ts'
import { CALL_MS } from './limits.ts'
import { networkFailure } from './network.ts'

/** What a call came to. */
export type Asked<T> = { ok: true; value: T } | { ok: false; verdict: Verdict }

/** Carries a verdict through supabase-js, which passes what a fetch throws. */
class BadAnswerError extends Error {
  readonly verdict: Verdict
  constructor(verdict: Verdict) {
    super(verdict.failure.says.code)
    this.verdict = verdict
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * A fetch for supabase-js's REST calls that judges bad answers where status and headers are still known. supabase-js itself
 * hides Retry-After, takes an empty 404 for success, and would take a login page's HTML for an error of the database.
 */
export const judgingFetch =
  (now: () => number): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    const json = response.headers.get('content-type')?.includes('json')
    if (response.ok && (json || response.status === 204)) return response
    const { status, headers } = response
    // A success that is no JSON is a page: of a hotel's login, or of any other web server.
    const bad = response.ok
      ? { status: 404, body: undefined, retryAfter: null }
      : { status, body: await jsonOf(response), retryAfter: headers.get('retry-after') }
    throw new BadAnswerError(verdictOn(bad, now()))
  }

/** Asks within a time limit; all that wait can be ended at once. */
export interface Asker {
  ask<S extends z.core.$ZodType>(
    shape: S,
    call: (signal: AbortSignal) => PromiseLike<{ data: unknown }>,
    within?: number,
  ): Promise<Asked<z.output<S>>>
  /** Ends what is under way; later calls fail at once. */
  end(): void
}

/** Asks the server at `host`, which has `callMs` for an answer unless a call says otherwise. */
export function createAsker(host: string, callMs = CALL_MS): Asker {
  const waiting = new Set<AbortController>()
  let over = false

  function failed(error: unknown): Asked<never> {
    if (error instanceof BadAnswerError) return { ok: false, verdict: error.verdict }
    return { ok: false, verdict: { failure: networkFailure(error, host), staleToken: false, foreign: false } }
  }

  return {
    async ask(shape, call, within = callMs) {
      const controller = new AbortController()
      if (over) controller.abort()
      const late = () => controller.abort(new DOMException('too slow', 'TimeoutError'))
      const timer = setTimeout(late, within)
      waiting.add(controller)
      try {
        const { data } = await call(controller.signal)
        const read = z.safeParse(shape, data)
        if (read.success) return { ok: true, value: read.data }
        const failure: CloudFailure = { code: 'noSchema', says: say('cloud.unknownForm', { host }) }
        return { ok: false, verdict: { failure, staleToken: false, foreign: true } }
      } catch (error) {
        return failed(error)
      } finally {
        clearTimeout(timer)
        waiting.delete(controller)
      }
    },
    end() {
      over = true
      for (const controller of waiting) controller.abort()
    },
  }
}
