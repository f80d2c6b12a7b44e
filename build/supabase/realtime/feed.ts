/** @file What the database tells: broadcasts, changes of rows, changes of the schema, in commit order. Listens to NOTIFY, empties realtime.outgoing. */
import type postgres from 'postgres'

export interface DatabaseBroadcast {
  id: string
  topic: string
  event: string
  payload: unknown
  private: boolean
}

export interface DatabaseChange {
  schema: string
  table: string
  type: 'INSERT' | 'UPDATE' | 'DELETE'
  key: Record<string, unknown>
  row: Record<string, unknown> | null
  at: string
}

export interface FeedHandlers {
  broadcast(message: DatabaseBroadcast): void
  change(change: DatabaseChange): void
  schema(): void
}

interface Told {
  kind?: string
  message?: unknown
  /** The row in realtime.outgoing that was too large for a NOTIFY. */
  outgoing?: number
}

export interface Feed {
  close(): Promise<void>
}

/** Starts listening. One message is handled after the other, whatever way it came; a failure costs that message alone. */
export async function listen(sql: postgres.Sql, handlers: FeedHandlers): Promise<Feed> {
  let last = Promise.resolve()

  async function fetchLarge(id: number): Promise<Told | undefined> {
    const [row] = await sql<Told[]>`delete from realtime.outgoing where id = ${id} returning kind, message`
    return row
  }

  async function handle(text: string): Promise<void> {
    const short = JSON.parse(text) as Told
    const told = short.outgoing === undefined ? short : await fetchLarge(short.outgoing)
    if (told?.kind === 'broadcast') handlers.broadcast(told.message as DatabaseBroadcast)
    if (told?.kind === 'change') handlers.change(told.message as DatabaseChange)
  }

  const onMessage = (text: string): void => {
    last = last
      .then(() => handle(text))
      .catch((error) => console.warn('realtime: a message was lost:', error))
  }
  const messages = await sql.listen('realtime', onMessage)
  const schema = await sql.listen('pgrst', () => handlers.schema())
  return {
    async close() {
      await Promise.all([messages.unlisten(), schema.unlisten()])
      await last
    },
  }
}
