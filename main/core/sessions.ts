/** @file Who is signed in where: PINs, lock-out after wrong ones, and sessions that outlive a lost connection. */
import type { Person } from '../../shared/contract/contract.ts'
import type { Staff } from '../../shared/domain/documents.ts'
import { fail, type Outcome, ok } from '../../shared/domain/errors.ts'
import type { Secrets } from './ports.ts'

export interface Sessions {
  /** Finds the person of a PIN. Wrong PINs are counted per device. */
  signIn(device: string, pin: string): Promise<Outcome<{ token: string; person: Person }>>
  /** The person of a session, while it lives, the person is still active and their PIN is the one they signed in with. */
  person(device: string, token: string | null): Person | null
  signOut(token: string | null): void
}

/** Wrong PINs a device may enter before it is locked. */
const TRIES = 5
/** First lock, ms; each further one lasts twice as long, up to {@link LOCK_MOST_MS}. */
const LOCK_MS = 60_000
const LOCK_MOST_MS = 15 * 60_000
/** A session ends this long (ms) after sign-in, whatever happens: one shift. */
const SESSION_MS = 14 * 3_600_000

interface Tries {
  wrong: number
  locks: number
  until: number
}

/** Creates the sessions; `staff` gives the staff list as it stands. */
export function createSessions(now: () => number, secrets: Secrets, staff: () => Staff): Sessions {
  const sessions = new Map<string, { device: string; member: string; pinHash: string; until: number }>()
  const tries = new Map<string, Tries>()
  const turns = new Map<string, Promise<unknown>>()

  function activeMember(id: string, pinHash: string): Person | null {
    const member = staff().members.find((candidate) => candidate.id === id && candidate.active)
    return member?.pinHash === pinHash ? { id: member.id, name: member.name, role: member.role } : null
  }

  function locked(device: string): Outcome<never> | null {
    const left = (tries.get(device)?.until ?? 0) - now()
    if (left <= 0) return null
    return fail('lockedOut', { why: 'pins', seconds: Math.ceil(left / 1000) })
  }

  function wrong(device: string): Outcome<never> {
    const known = tries.get(device) ?? { wrong: 0, locks: 0, until: 0 }
    known.wrong++
    tries.set(device, known)
    if (known.wrong < TRIES) return fail('wrongPin', {}, 'pin')
    known.wrong = 0
    known.until = now() + Math.min(LOCK_MOST_MS, LOCK_MS * 2 ** known.locks++)
    return locked(device) ?? fail('wrongPin', {}, 'pin')
  }

  async function find(device: string, pin: string): Promise<Outcome<{ token: string; person: Person }>> {
    const lock = locked(device)
    if (lock) return lock
    const { salt, members } = staff()
    const hash = await secrets.hashPin(pin, salt)
    const [member, other] = members.filter((candidate) => candidate.active && candidate.pinHash === hash)
    const person = member ? activeMember(member.id, hash) : null
    // Of two with the same PIN neither is found: nobody acts in another's name.
    if (!member || !person || other) return wrong(device)
    tries.delete(device)
    for (const [token, session] of sessions) if (session.until < now()) sessions.delete(token)
    const token = secrets.token()
    sessions.set(token, { device, member: member.id, pinHash: hash, until: now() + SESSION_MS })
    return ok({ token, person })
  }

  return {
    signIn(device, pin) {
      // One at a time per device: tries sent all at once would otherwise be checked before the first is counted.
      const before = turns.get(device) ?? Promise.resolve()
      const turn = before.catch(() => undefined).then(() => find(device, pin))
      turns.set(device, turn)
      const done = () => {
        if (turns.get(device) === turn) turns.delete(device)
      }
      turn.then(done, done)
      return turn
    },
    person(device, token) {
      const session = token === null ? undefined : sessions.get(token)
      if (!session || token === null) return null
      if (session.device !== device || session.until < now()) return null
      return activeMember(session.member, session.pinHash)
    },
    signOut(token) {
      if (token !== null) sessions.delete(token)
    },
  }
}
