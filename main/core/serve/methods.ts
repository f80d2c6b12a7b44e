/** @file The contract's queries and actions, each in a few lines. Rights and arguments were checked before. */
import { type Answers, MAX_EVENTS } from '../../../shared/contract/contract.ts'
import { fail, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { REVOKED } from '../devices.ts'
import type { AuditQuery } from '../ports.ts'
import * as queries from '../queries.ts'
import { saysOf } from '../says.ts'
import { actorOf } from './actor.ts'
import { cloudMethods } from './cloud.ts'
import type { Guest, Method, ServeContext } from './context.ts'

/** Runs a query or action whose arguments are already parsed. */
export async function runMethod(
  ctx: ServeContext,
  guest: Guest,
  name: string,
  args: unknown,
): Promise<Outcome<unknown>> {
  const method = methods[name as keyof Answers]
  return method(ctx, guest, args as never)
}

const methods: Record<keyof Answers, Method> = {
  recentTickets: async ({ state, store }, _guest, args: { station?: string; limit: number }) =>
    ok(await queries.recentTickets(state, store, args)),
  order: ({ state, store }, _guest, args: { order: string }) => queries.order(state, store, args.order),
  audit: async ({ store }, _guest, args: AuditQuery) => ok(await store.audit(args)),
  ticketTimes: async ({ state, store, now }, _guest, args: { day?: string }) =>
    ok(await queries.ticketTimes(state, store, now(), args.day)),
  devices: (ctx) => {
    const online = ctx.online()
    return ok(ctx.devices.list().map((device) => queries.deviceRow(device, online)))
  },
  signIn: async (ctx, guest, args: { pin: string }) => {
    const signed = await ctx.sessions.signIn(guest.identity.id, args.pin)
    ctx.log.info('SIGN_IN', {
      device: guest.identity.id,
      ok: signed.ok,
      staff: signed.ok ? signed.value.person.id : null,
    })
    if (!signed.ok) return signed
    ctx.sessions.signOut(guest.session)
    guest.session = signed.value.token
    ctx.rightsChanged()
    return ok({ ...signed.value.person, session: signed.value.token, roles: actorOf(ctx, guest).roles })
  },
  signOut: (ctx, guest) => {
    ctx.sessions.signOut(guest.session)
    guest.session = null
    ctx.rightsChanged()
    return ok(null)
  },
  createPairing: (ctx, _guest, args: { kind: 'kitchen'; name: string; station?: string }) =>
    ok(ctx.devices.createPairing(args.kind, args.name, args.station ?? null)),
  revokeDevice: async (ctx, _guest, args: { device: string }) => {
    const known = await ctx.devices.revoke(args.device)
    if (!known) return fail('invalid', { why: 'unknownDevice' }, 'device')
    ctx.disconnect(args.device, REVOKED)
    return ok(null)
  },
  setPin,
  backupNow: async ({ store }) => ok(await store.backup()),
  setLan: async ({ lan, log }, _guest, args: { on: boolean }) => {
    if (!lan) return fail('invalid', { why: 'noLan' })
    try {
      return ok(await lan.set(args.on))
    } catch (error) {
      // E.g. a port that another program uses: the error says what to do.
      log.warn('LAN_NOT_SET', { on: args.on, error: String(error) })
      return fail('busy', { why: 'other', message: saysOf(error) })
    }
  },
  joinPeer: ({ peers }, _guest, args: { address: string; code: string }) =>
    peers.join(args.address, args.code),
  ...cloudMethods,
  peerCursor: ({ engine }, _guest, args: { log: string }) => ok({ seq: engine.cursor(args.log) }),
  pullEvents: async ({ engine, store }, _guest, args: { after: number; not: string }) => {
    const rows = await store.eventsAfter(args.after, MAX_EVENTS)
    const events = rows.filter((row) => row.source !== args.not).map((row) => row.event)
    return ok({ events, next: rows.at(-1)?.seq ?? args.after, head: engine.head() })
  },
  pushEvents: ({ engine }, _guest, args: { log: string; events: unknown[]; upTo: number }) =>
    engine.ingest(args.log, args.events, args.upTo),
}

/** Hashes the PIN here and publishes the staff list with it, like any other change to that document. */
async function setPin(
  ctx: ServeContext,
  guest: Guest,
  args: { member: string; pin: string },
): Promise<Outcome<unknown>> {
  const { body, version } = ctx.state.documents.staff
  const salt = body.salt || ctx.secrets.hash(ctx.secrets.token())
  const pinHash = await ctx.secrets.hashPin(args.pin, salt)
  if (!body.members.some((member) => member.id === args.member)) {
    return fail('invalid', { why: 'notOnStaff' }, 'member')
  }
  if (body.members.some((member) => member.id !== args.member && member.pinHash === pinHash)) {
    return fail('invalid', { why: 'samePin' }, 'pin')
  }
  const members = body.members.map((member) => (member.id === args.member ? { ...member, pinHash } : member))
  const published = await ctx.engine.submit({
    id: ctx.secrets.uuid(ctx.now()),
    name: 'publishDocument',
    args: { name: 'staff', base: version, body: { salt, members } },
    actor: actorOf(ctx, guest),
  })
  return published.ok ? ok(null) : published
}
