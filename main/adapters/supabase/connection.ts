/** @file One device's connection: calls, hints and their liveness over one session. Opens connections, reads and writes the vault. */
import * as z from 'zod/mini'
import type { Clock, CloudConnection, CloudLink, CloudListener, Log, Vault } from '../../core/ports.ts'
import { createCaller } from './caller.ts'
import { tellHint } from './hints.ts'
import { keepLive, type Live } from './live.ts'
import { pushedOf } from './refusals.ts'
import * as shapes from './schemas.ts'
import { createSession } from './session.ts'
import { sessionInVault } from './vaulted.ts'

export interface ConnectionOptions {
  link: CloudLink
  vault: Vault
  clock: Clock
  log: Log
  callMs?: number | undefined
}

const ms = (time: string | null) => (time === null ? null : Date.parse(time))

/** Connects when it is first asked for something. */
export function openConnection({ link, vault, clock, log, callMs }: ConnectionOptions): CloudConnection {
  const store = sessionInVault(vault, log, { url: link.url, user: link.device })
  const session = createSession({ project: link, store, clock, log })
  const { rpc, query, end } = createCaller(link, session, clock, callMs)
  let live: Live | null = null

  return {
    async append(core, events) {
      const answer = await rpc(shapes.pushed, 'append_events', { p_batch: { core, events } })
      if (!answer.ok) return answer
      const { results, head } = answer.value
      return { ok: true, value: { results: results.map(pushedOf), head } }
    },
    pull: ({ after, event, limit, core }) =>
      rpc(shapes.page, 'pull_events', {
        p_after: after,
        p_limit: limit,
        p_core: core,
        p_event: event ?? null,
      }),
    archived: (orders) => rpc(shapes.archived, 'archived_events', { p_orders: orders }),
    archivedAfter: ({ after, until, limit }) =>
      rpc(shapes.archivePage, 'archived_after', { p_after: after, p_until: until, p_limit: limit }),
    report: (report, within) => rpc(shapes.state, 'report_device', { p_report: report }, within),
    claimIntake: (limit) => rpc(shapes.intake, 'claim_intake', { p_limit: limit }),

    async refuseIntake(id, { code, params = {} }) {
      const answer = await rpc(z.unknown(), 'refuse_intake', { p_id: id, p_code: code, p_params: params })
      return answer.ok ? { ok: true, value: null } : answer
    },

    async devices() {
      const answer = await query(shapes.devices, (client, signal) =>
        client
          .from('devices')
          .select('id,core,name,letter,version,last_seen,outbox,parked,revoked_at')
          .eq('restaurant_id', link.restaurant)
          .order('name')
          .abortSignal(signal),
      )
      if (!answer.ok) return answer
      const value = answer.value.map(({ last_seen, revoked_at, outbox, parked, ...device }) => ({
        ...device,
        lastSeen: ms(last_seen),
        outbox: outbox ?? 0,
        parked: parked ?? 0,
        revoked: revoked_at !== null,
      }))
      return { ok: true, value }
    },

    listen(listener: CloudListener) {
      session.onKept(listener.kept)
      live?.end()
      live = keepLive(
        { project: link, topic: `restaurant:${link.restaurant}`, session, clock, log },
        {
          live: listener.live,
          broadcast: (event, payload) => tellHint({ event, payload }, link.device, listener, log),
          refused: listener.rights,
        },
      )
    },
    wake() {
      session.wake()
      live?.wake()
    },
    async close() {
      live?.end()
      end()
      await session.end()
    },
  }
}
