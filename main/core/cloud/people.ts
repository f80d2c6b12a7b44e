/** @file People who signed in to set devices up: kept in memory for a quarter of an hour, under a token. */
import type { CloudPerson, CloudProject, Log, Secrets } from '../ports.ts'
import type { Host } from './channel.ts'

export interface SignedIn {
  person: CloudPerson
  project: CloudProject
  email: string
  /** Ids of the restaurants they had when they signed in. */
  restaurants: ReadonlySet<string>
}

export interface People {
  /** Keeps a person; the token stands for them until their time is over. */
  add(signedIn: SignedIn): string
  find(token: string): SignedIn | null
  /** Signs everybody out, as far as that is done within a moment. */
  close(): Promise<void>
}

/** How long (ms) a sign-in can be used. */
export const SIGN_IN_MS = 15 * 60_000
/** How long (ms) closing waits for signing out: the store must be closed before the system loses patience. */
const SIGN_OUT_MS = 2_000

/** Creates the list. */
export function createPeople(host: Host, secrets: Secrets, log: Log): People {
  const present = new Map<string, SignedIn & { stop(): void }>()

  async function end(token: string): Promise<void> {
    const known = present.get(token)
    if (!known) return
    present.delete(token)
    known.stop()
    await known.person
      .end()
      .catch((error: unknown) => log.warn('CLOUD_SIGN_OUT_FAILED', { error: String(error) }))
  }

  return {
    add(signedIn) {
      const token = secrets.token()
      present.set(token, { ...signedIn, stop: host.after(SIGN_IN_MS, () => void end(token)) })
      return token
    },
    find: (token) => present.get(token) ?? null,
    async close() {
      let stop = () => {}
      const late = new Promise<void>((resolve) => {
        stop = host.after(SIGN_OUT_MS, resolve)
      })
      await Promise.race([Promise.all([...present.keys()].map(end)), late])
      stop()
    },
  }
}
