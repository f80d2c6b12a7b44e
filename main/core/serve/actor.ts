/** @file Turns a connection into who acts and who looks: the screen, where it stands, and the person signed in at it. */
import { rolesOf, type Viewer } from '../../../shared/domain/rights.ts'
import type { Actor } from '../actor.ts'
import type { Guest, ServeContext } from './context.ts'

/** Who looks at this connection's screen right now. Asked at every call, so that a change to the staff list counts at once. */
export function viewerOf(ctx: ServeContext, guest: Guest): Viewer {
  const { identity, kind, session } = guest
  // Only pairing binds: this machine's own windows choose.
  const bound = ctx.devices.find(identity.id)?.station
  const { stations } = ctx.state.documents.stations.body
  return {
    screen: kind,
    // A station that is gone binds nobody: the kitchen goes on at another.
    station: stations.find(({ id }) => id === bound)?.id ?? null,
    person: ctx.sessions.person(identity.id, session)?.role ?? null,
  }
}

/** Who a command from this connection is attributed to. */
export function actorOf(ctx: ServeContext, guest: Guest): Actor {
  const person = ctx.sessions.person(guest.identity.id, guest.session)
  const { id, name } = guest.identity
  return {
    device: { id, name },
    staff: person ? { id: person.id, name: person.name } : null,
    roles: rolesOf({ screen: guest.kind, person: person?.role ?? null }),
  }
}
