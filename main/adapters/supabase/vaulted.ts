/** @file The device's session in the vault. Reads and writes the vault. */
import type { Log, Vault } from '../../core/ports.ts'
import type { SessionStore } from './keeper.ts'
import { type KeptSession, keptSession } from './schemas.ts'

const NAME = 'supabase-session'

/** Keeps the session of `owner`; another project's or device's counts as none. */
export function sessionInVault(vault: Vault, log: Log, owner: { url: string; user: string }): SessionStore {
  const isOwn = (session: KeptSession) => session.url === owner.url && session.user === owner.user

  return {
    async read() {
      const text = await vault.read(NAME).catch((error) => {
        log.error('cloud.session-unreadable', { error: String(error) })
        return null
      })
      if (text === null) return null
      const session = readSession(text)
      if (session && isOwn(session)) return session
      log.warn('cloud.session-of-another', { readable: session !== null })
      return null
    },
    async write(session) {
      // A device that has taken this one's place must not lose its session to a late word of this one.
      const there = readSession((await vault.read(NAME).catch(() => null)) ?? '')
      if (!there || isOwn(there)) await writeSession(vault, session)
    },
  }
}

function readSession(text: string): KeptSession | null {
  try {
    return keptSession.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Keeps a session, or forgets it. Rejects when the vault cannot keep it. */
export function writeSession(vault: Vault, session: KeptSession | null): Promise<void> {
  return vault.write(NAME, session && JSON.stringify(session))
}
