/** @file What a screen knows about its connection, so that it never lies about how fresh it is. Pure. */
import type { Person } from '../contract/contract.ts'
import type { Failure } from '../domain/errors.ts'
import type { Role, ScreenKind } from '../domain/roles.ts'

/**
 * `connecting`: nothing heard yet. `online`: heard from the core lately. `stale`: connected, but silent for too long.
 * `offline`: no connection, retrying. `refused`: the core said no (`failure` says why); retrying would not help.
 */
export type Link = 'connecting' | 'online' | 'stale' | 'offline' | 'refused'

export interface ClientState {
  link: Link
  /** When the core was last heard, ms UTC of this screen's clock; null: never. */
  lastHeard: number | null
  /** Core's clock minus this screen's clock, ms. Ages are shown by the core's clock. */
  offset: number
  core: string | null
  device: { id: string; name: string; kind: ScreenKind; station: string | null } | null
  person: Person | null
  roles: readonly Role[]
  failure: Failure | null
  /** Commands on their way that nobody has answered yet. */
  unanswered: number
}

export const FIRST_STATE: ClientState = {
  link: 'connecting',
  lastHeard: null,
  offset: 0,
  core: null,
  device: null,
  person: null,
  roles: [],
  failure: null,
  unanswered: 0,
}
