/** @file Routes of pairing: trading a code for a device's token, and making codes on the hub's own machine. */
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod/mini'
import { failure, type Outcome } from '../../../shared/domain/errors.ts'
import { issueOf } from '../../../shared/domain/issues.ts'
import { keySchema, textSchema } from '../../../shared/domain/keys.ts'
import { SCREEN_KINDS } from '../../../shared/domain/roles.ts'
import { refuse } from './answers.ts'
import type { HubApp, HubContext, HubEnv } from './context.ts'
import { DEVICE_COOKIE, setCookie } from './cookies.ts'
import { sameSecret } from './keep.ts'

const MAX_BODY_BYTES = 4_096

const pairBody = z.strictObject({
  code: z.string().check(z.regex(/^\d{6,10}$/, 'codeDigits')),
  name: z.optional(textSchema(60)),
  /** Another core that wants to exchange events; it has no cookies, so it gets its token in the answer. */
  peer: z.optional(z.strictObject({ device: keySchema, name: textSchema(200) })),
})
const pairingBody = z.strictObject({
  kind: z.enum(SCREEN_KINDS),
  name: z.optional(textSchema(60)),
  station: z.optional(keySchema),
})

/** Reads and validates a JSON body. Other media types are refused: pages of other sites can send those unasked. */
async function readBody<S extends z.ZodMiniType>(
  context: Context<HubEnv>,
  schema: S,
): Promise<Outcome<z.infer<S>>> {
  const isJson = /^application\/json\b/i.test(context.req.header('content-type') ?? '')
  const body: unknown = isJson ? await context.req.json().catch(() => undefined) : undefined
  const read = schema.safeParse(body)
  if (read.success) return { ok: true, value: read.data }
  return { ok: false, error: isJson ? issueOf(read.error) : failure('invalid', { why: 'notJson' }) }
}

async function pair(hub: HubContext, context: Context<HubEnv>): Promise<Response> {
  const client = context.get('client')
  context.header('cache-control', 'no-store')
  if (!(await hub.gate.allows('pairing', client)))
    return refuse(context, failure('lockedOut', { why: 'tries' }))
  const body = await readBody(context, pairBody)
  if (!body.ok) return refuse(context, body.error)
  const { code, peer } = body.value
  const redeemed = await hub.core.devices.redeem(code, client.address, peer)
  if (!redeemed.ok) {
    hub.log.warn('hub.pairingRefused', { from: client.address, reason: redeemed.error.code })
    return refuse(context, redeemed.error)
  }
  const { token, device, letter } = redeemed.value
  hub.log.info('hub.paired', { from: client.address, device: device.id, kind: device.kind })
  if (peer) return context.json(peerGrant(hub, context, token, letter))
  context.header('set-cookie', setCookie(DEVICE_COOKIE, token, client.secure))
  const { id, name, kind, station } = device
  return context.json({ device: { id, name, kind, station } })
}

/** What another core needs to come back: under the address it came to. */
function peerGrant(hub: HubContext, context: Context<HubEnv>, token: string, letter: string) {
  const scheme = context.get('client').secure ? 'wss' : 'ws'
  return {
    token,
    url: `${scheme}://${context.req.header('host')}/ws`,
    device: hub.core.device,
    name: hub.name,
    letter,
    fingerprint: hub.identification()?.fingerprints.ca ?? '',
  }
}

/** Makes a code for whoever holds the local key: the terminal of this machine. */
async function createPairing(hub: HubContext, context: Context<HubEnv>): Promise<Response> {
  const given = context.req.header('authorization')?.replace(/^Bearer /, '')
  if (!context.get('client').local || !sameSecret(given, hub.key))
    return refuse(context, failure('notAllowed', { why: 'ownUser' }))
  const body = await readBody(context, pairingBody)
  if (!body.ok) return refuse(context, body.error)
  const { kind, name, station } = body.value
  context.header('cache-control', 'no-store')
  return context.json(hub.core.devices.createPairing(kind, name ?? `New ${kind}`, station ?? null))
}

/** Adds the pairing routes. */
export function addPairRoutes(app: HubApp, hub: HubContext): void {
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (context) => refuse(context, failure('tooLarge', { why: 'request' })),
  })
  app.post('/api/pair', limit, (context) => pair(hub, context))
  app.post('/api/pairings', limit, (context) => createPairing(hub, context))
}
