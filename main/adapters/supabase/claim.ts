/** @file Makes this device an identity of its own with a manager's code. Opens connections, writes the vault. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Clock, Cloud, CloudAnswer, CloudLink, CloudProject, Log, Vault } from '../../core/ports.ts'
import { createCaller } from './caller.ts'
import { claimed } from './schemas.ts'
import { type SignedIn, signIn } from './signing-in.ts'
import { writeSession } from './vaulted.ts'

/** How often a claim whose answer was lost is repeated: the server gives the same identity its device again. */
const TRIES = 3

export interface ClaimOptions {
  vault: Vault
  clock: Clock
  log: Log
}

/**
 * A claim keeps the anonymous identity until it owns a device, so that a second try (a mistyped code, an answer lost) makes
 * no second one: the project counts wrong codes per identity, and identities per address and hour.
 */
export function createClaim({ vault, clock, log }: ClaimOptions): Cloud['claim'] {
  /** `doubtful`: the code of a claim whose answer was lost. Its identity may own that code's device by now. */
  let unclaimed: { project: CloudProject; who: SignedIn; doubtful: string | null } | null = null

  async function identity(project: CloudProject, code: string): Promise<CloudAnswer<SignedIn>> {
    const fits =
      unclaimed?.project.url === project.url &&
      unclaimed.project.key === project.key &&
      (unclaimed.doubtful ?? code) === code
    if (unclaimed && fits && (await unclaimed.who.session.token()).ok)
      return { ok: true, value: unclaimed.who }
    await unclaimed?.who.session.end()
    unclaimed = null
    const who = await signIn(project, 'anonymous', { clock, log })
    if (who.ok) unclaimed = { project, who: who.value, doubtful: null }
    return who
  }

  return async (project, code, self, wanted) => {
    const who = await identity(project, code)
    if (!who.ok) return who
    const { session, store } = who.value
    const caller = createCaller(project, session, clock)
    const claim = () =>
      caller.rpc(claimed, 'claim_device', {
        p_code: code,
        p_core: self.core,
        p_name: self.name,
        p_letter: self.letter,
        p_version: self.version,
        ...(wanted?.restaurant && { p_restaurant: wanted.restaurant }),
        ...(wanted?.filled && { p_filled: true }),
      })
    let answer = await claim()
    for (let tries = 1; tries < TRIES && !answer.ok && answer.error.code === 'away'; tries++)
      answer = await claim()
    if (unclaimed && (answer.ok || answer.error.code === 'away')) unclaimed.doubtful = code
    if (!answer.ok) return answer
    const { restaurant, name, device, letter } = answer.value
    try {
      await writeSession(vault, await store.read())
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      return { ok: false, error: { code: 'refused', says: say('cloud.accessNotKept', { text }) } }
    }
    unclaimed = null
    await session.end()
    const link: CloudLink = { ...project, restaurant, name, device, letter, since: clock.now() }
    return { ok: true, value: link }
  }
}
