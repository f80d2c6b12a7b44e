/** @file The answer to a query, asked again when the connection comes back or somebody asks for it. Reads the client. */
import { useCallback, useEffect, useState } from 'react'
import type { MethodAnswer, MethodArgs, QueryName } from '../../shared/contract/contract.ts'
import type { Failure } from '../../shared/domain/errors.ts'
import { useClient, useClientState } from '../shared/hooks.ts'

export interface Answer<T> {
  value: T | null
  error: Failure | null
  again: () => Promise<void>
}

export function useQuery<Q extends QueryName>(query: Q, args: MethodArgs<Q>): Answer<MethodAnswer<Q>> {
  const client = useClient()
  const online = useClientState((state) => state.link === 'online')
  const [value, setValue] = useState<MethodAnswer<Q> | null>(null)
  const [error, setError] = useState<Failure | null>(null)
  const key = JSON.stringify(args)
  const again = useCallback(async () => {
    const outcome = await client.call(query, JSON.parse(key) as MethodArgs<Q>)
    if (outcome.ok) setValue(() => outcome.value)
    setError(outcome.ok ? null : outcome.error)
  }, [client, query, key])
  useEffect(() => {
    if (online) void again()
  }, [online, again])
  return { value, error, again }
}
