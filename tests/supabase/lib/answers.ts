/** @file Test helpers: reads answers of supabase-js, and makes devices of which the id is known. Calls the backend. */
import type { PostgrestError, SupabaseClient } from '@supabase/supabase-js'
import { expect } from 'vitest'
import { MESSAGES } from '../../../shared/domain/messages/index.ts'
import type { TestBackend } from './backend.ts'

interface Answer {
  data: unknown
  error: PostgrestError | null
}

/** The value of a call that must work. */
export function got<T>({ data, error }: Answer): T {
  if (error) throw new Error(`${error.code} ${error.hint}: ${error.message}`)
  return data as T
}

/** The parameters of what our own functions say. */
export const paramsOf = ({ details }: Pick<PostgrestError, 'details'>): Record<string, unknown> =>
  details ? JSON.parse(details) : {}

/** What our own functions say the catalogue can word, with the parameters it expects; `at` may come with it. */
function expectWords(error: PostgrestError): void {
  const code = error.message.match(/^cloud\.(\w+)$/)?.[1]
  if (code === undefined) return
  const { at: _at, ...params } = paramsOf(error)
  const codes: Record<string, readonly string[]> = MESSAGES.cloud
  expect(Object.keys(params).sort(), code).toEqual([...(codes[code] ?? ['no such code'])].sort())
}

/** Why a call was refused that must be. */
export function refusalOf({ data, error }: Answer): PostgrestError {
  if (!error) throw new Error(`should have been refused, but answered ${JSON.stringify(data)}`)
  expectWords(error)
  return error
}

/** The login's id. */
export async function idOf(client: SupabaseClient): Promise<string> {
  const { data, error } = await client.auth.getUser()
  if (error) throw error
  return data.user.id
}

/** A PC of the restaurant, with its id. */
export async function someDevice(
  backend: TestBackend,
  restaurant: string,
): Promise<{ client: SupabaseClient; id: string }> {
  const client = await backend.device(restaurant)
  return { client, id: await idOf(client) }
}
