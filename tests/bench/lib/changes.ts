/** @file The same cloud heard through postgres_changes instead of broadcasts, to measure one beside the other. Opens sockets. */
import { createClient } from '@supabase/supabase-js'
import WebSocket from 'ws'
import type { Cloud, CloudLink, CloudListener, Vault } from '../../../main/core/ports.ts'

interface Row {
  seq: number
  id: string
  order_id: string | null
  [column: string]: unknown
}

/** A row of the log as the event it is. */
function eventOf(row: Row): unknown {
  const { id, v, kind, order_id: order, at, stamp, device, staff, command, data } = row
  return { id, v, kind, order, at, stamp, device, staff, command, data }
}

/** The device's present token; the connection underneath renews it. */
async function tokenOf(vault: Vault): Promise<string> {
  const session = JSON.parse((await vault.read('supabase-session')) ?? '{}') as Record<string, unknown>
  return String(session.access ?? '')
}

function listenToRows(link: CloudLink, vault: Vault, listener: CloudListener): () => void {
  const client = createClient(link.url, link.key, {
    accessToken: () => tokenOf(vault),
    realtime: { transport: WebSocket as never },
  })
  const channel = client
    .channel('log')
    .on(
      'postgres_changes',
      {
        event: 'INSERT',
        schema: 'public',
        table: 'order_events',
        filter: `restaurant_id=eq.${link.restaurant}`,
      },
      ({ new: row }) => {
        const seq = Number((row as Row).seq)
        listener.grew({ first: seq, last: seq, events: [{ seq, event: eventOf(row as Row) }] })
      },
    )
    .on('system', {}, ({ status }: { status?: string }) => {
      if (status === 'ok') listener.live(true)
    })
  // Joined before the token is there, it would listen as nobody.
  void client.realtime.setAuth().then(() => channel.subscribe())
  return () => void client.removeAllChannels()
}

/** `cloud`, but live changes come as rows of the log, one message each. Needs the table in the publication. */
export function overChanges(cloud: Cloud, vault: Vault): Cloud {
  return {
    ...cloud,
    connect(link) {
      const connection = cloud.connect(link)
      let quiet = () => {}
      return {
        ...connection,
        listen(listener) {
          quiet = listenToRows(link, vault, listener)
          connection.listen({ ...listener, grew: () => {}, live: () => {} })
        },
        async close() {
          quiet()
          await connection.close()
        },
      }
    },
  }
}
