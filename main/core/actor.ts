/** @file Who stands behind a command: the screen it came from and the person signed in there. Types only. */
import type { Role } from '../../shared/domain/roles.ts'

export interface Actor {
  device: { id: string; name: string }
  staff: { id: string; name: string } | null
  roles: readonly Role[]
  /** Plays a demo evening: the orders it opens are marked. */
  training?: true
}
