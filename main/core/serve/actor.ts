/** @file Turns a connection into who acts: the screen's own role and that of the person signed in at it. */
import { type Role, SCREEN_ROLE } from '../../../shared/domain/roles.ts'
import type { Actor } from '../actor.ts'
import type { Guest, ServeContext } from './context.ts'

/** What a connection may do right now. Asked at every call, so that a change to the staff list counts at once. */
export function rolesOf(ctx: ServeContext, guest: Guest): Role[] {
  const person = ctx.sessions.person(guest.identity.id, guest.session)
  const own = SCREEN_ROLE[guest.kind]
  return person ? [own, person.role] : [own]
}

/** Who a command from this connection is attributed to. */
export function actorOf(ctx: ServeContext, guest: Guest): Actor {
  const person = ctx.sessions.person(guest.identity.id, guest.session)
  const { id, name } = guest.identity
  return {
    device: { id, name },
    staff: person ? { id: person.id, name: person.name } : null,
    roles: rolesOf(ctx, guest),
  }
}
