/** @file The answer to a query: the one way to ask. Asked again when the connection comes back or somebody wants it. Reads the client. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { MethodAnswer, MethodArgs, QueryName } from '../../shared/contract/contract.ts'
import type { Failure, Outcome } from '../../shared/domain/errors.ts'
import { useClient, useClientState } from './hooks.ts'

export interface Answer<T> {
  /** The newest answer to what is asked now; null while there is none. */
  value: T | null
  /** Why the newest question was not answered. */
  error: Failure | null
  /** A question is under way. */
  busy: boolean
  again: () => Promise<void>
}

interface Answered<T> {
  /** What was asked. */
  key: string
  value: T | null
  error: Failure | null
}

/**
 * Asks `query` whenever its arguments change, and again on each reconnection, as long as `when` holds. Of several questions
 * under way only the last one's answer counts, in whatever order they arrive.
 */
export function useQuery<Q extends QueryName>(
  query: Q,
  args: MethodArgs<Q>,
  when = true,
): Answer<MethodAnswer<Q>> {
  const client = useClient()
  const online = useClientState((state) => state.link === 'online')
  const [answered, setAnswered] = useState<Answered<MethodAnswer<Q>> | null>(null)
  const [busy, setBusy] = useState(false)
  const asked = useRef(0)
  const key = JSON.stringify(args)
  const again = useCallback(async () => {
    const mine = ++asked.current
    setBusy(true)
    const outcome: Outcome<MethodAnswer<Q>> = await client.call(query, JSON.parse(key) as MethodArgs<Q>)
    if (mine !== asked.current) return
    setBusy(false)
    setAnswered((before) => {
      if (outcome.ok) return { key, value: outcome.value, error: null }
      // What was known stays on the screen beside the reason why there is nothing newer.
      return { key, value: before?.key === key ? before.value : null, error: outcome.error }
    })
  }, [client, query, key])
  useEffect(() => {
    if (online && when) void again()
  }, [online, when, again])
  const present = answered?.key === key ? answered : null
  return { value: present?.value ?? null, error: present?.error ?? null, busy, again }
}
