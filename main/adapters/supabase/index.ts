/** @file Supabase as the restaurant's shared cloud. Opens connections, keeps the device's session in the vault. */
import type { Clock, Cloud, Log, Vault } from '../../core/ports.ts'
import { checkProject } from './check.ts'
import { createClaim } from './claim.ts'
import { openConnection } from './connection.ts'
import { personOf } from './person.ts'
import { readProject } from './project.ts'
import { signIn } from './signing-in.ts'
import { writeSession } from './vaulted.ts'

export interface SupabaseCloudOptions {
  vault: Vault
  log: Log
  clock: Clock
  /** How long (ms) a call of a connection may take, answer included; without it, 10 s. */
  callMs?: number
}

/** The cloud for this process. Nothing is opened before it is asked for. */
export function createSupabaseCloud({ vault, log, clock, callMs }: SupabaseCloudOptions): Cloud {
  const claim = createClaim({ vault, clock, log })
  return {
    async check(pasted) {
      const project = readProject(pasted)
      return project.ok ? checkProject(project.value, clock) : project
    },

    async signIn(pasted, email, password) {
      const project = readProject(pasted)
      if (!project.ok) return project
      const who = await signIn(project.value, { email: email.trim(), password }, { clock, log })
      return who.ok ? { ok: true, value: personOf(project.value, who.value, clock) } : who
    },

    async claim(pasted, code, self, wanted) {
      const project = readProject(pasted)
      return project.ok ? claim(project.value, code, self, wanted) : project
    },

    connect: (link) => openConnection({ link, vault, clock, log, callMs }),
    async forget() {
      // Without a link it counts for nothing, should it stay.
      await writeSession(vault, null).catch((error) =>
        log.error('cloud.session-stays', { error: String(error) }),
      )
    },
  }
}
