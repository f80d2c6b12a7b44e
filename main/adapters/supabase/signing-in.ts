/** @file Signs a person or a device in and gives a session of its own. Opens connections. */
import { type AuthError, isAuthApiError } from '@supabase/supabase-js'
import type { Clock, CloudAnswer, CloudProject, Log } from '../../core/ports.ts'
import { signInFailure } from './auth-failure.ts'
import { createAuthClient } from './client.ts'
import type { SessionStore } from './keeper.ts'
import { CALL_MS } from './limits.ts'
import { networkFailure } from './network.ts'
import { grant } from './schemas.ts'
import { createSession, keep, type Session, storeInMemory } from './session.ts'

export interface SignedIn {
  session: Session
  store: SessionStore
  /** The name is '' when the auth server knows none: an address is nobody to call. */
  user: { id: string; name: string }
  /** Ends the session at the server too. Never rejects. */
  signOut(): Promise<void>
}

export type Credentials = { email: string; password: string } | 'anonymous'

/** Signs in. The session is kept in memory only. */
export async function signIn(
  project: CloudProject,
  credentials: Credentials,
  { clock, log }: { clock: Clock; log: Log },
): Promise<CloudAnswer<SignedIn>> {
  let lost: unknown
  const { auth } = createAuthClient(project, async (input, init) => {
    try {
      return await fetch(input, { ...init, redirect: 'manual', signal: AbortSignal.timeout(CALL_MS) })
    } catch (error) {
      lost = error
      throw error
    }
  })
  const { data, error } =
    credentials === 'anonymous' ? await auth.signInAnonymously() : await auth.signInWithPassword(credentials)
  const read = grant.safeParse(data.session)
  if (error || !read.success) {
    const host = new URL(project.url).host
    return { ok: false, error: lost ? networkFailure(lost, host) : signInFailure(troubleOf(error)) }
  }
  const store = storeInMemory(keep(project, read.data, clock.now()))
  const session = createSession({ project, store, clock, log })
  return {
    ok: true,
    value: {
      session,
      store,
      user: { id: read.data.user.id, name: nameOf(data.user) },
      async signOut() {
        const token = await session.token()
        await session.end()
        if (token.ok) await auth.admin.signOut(token.value, 'local').catch(() => {})
      },
    },
  }
}

const troubleOf = (error: AuthError | null) => ({
  status: error?.status ?? 0,
  code: (isAuthApiError(error) && error.code) || '',
  message: error?.message ?? '',
})

/** What the person is called in the audit log, and on a PC they lock. */
function nameOf(user: { user_metadata: { name?: unknown } } | null): string {
  const name = user?.user_metadata.name
  return typeof name === 'string' ? name : ''
}
