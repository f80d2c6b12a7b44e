/** @file Whether orders can be saved: the alarm while they cannot, and trying again until they can. Asks the store, raises alarms. */
import { say } from '../../shared/domain/messages/index.ts'
import type { Alarms } from './alarms.ts'
import type { Loaded, Log, Retried, Store, StoreTrouble } from './ports.ts'
import { troubleOf } from './store-trouble.ts'

/** How often (ms) it is tried again. Whoever has just deleted something looks at the screen. */
export const RETRY_MS = 3_000

const ALARM = 'store'

export interface StoreWatchOptions {
  store: Pick<Store, 'retry'>
  alarms: Alarms
  log: Log
  /** Calls `task` after `ms`, unless the returned function is called before. */
  after(ms: number, task: () => void): () => void
  /** Called when orders can be saved again. */
  recovered(): void
  /** Starts Plate again on the same data. */
  restart: (() => void) | undefined
}

export interface StoreWatch {
  /** Nothing could be saved (why), or something was (null). */
  told(trouble: StoreTrouble | null): void
  /** Whether nothing can be saved, as far as anybody knows. */
  readonly refusing: boolean
  close(): void
}

/** Tells people what opening the store came to, and begins to try again when nothing can be saved. */
export function createStoreWatch(
  { store, alarms, log, after, recovered, restart }: StoreWatchOptions,
  { notices, trouble }: Pick<Loaded, 'notices' | 'trouble'>,
): StoreWatch {
  let refusing = false
  /** So far the store could only be read. */
  let reading = trouble !== null
  let shown = 0
  let cancel: (() => void) | null = null
  let closed = false

  function show(list: Loaded['notices']): void {
    for (const [index, { level, says }] of list.entries()) alarms.raise(`store:${index}`, level, says)
    for (let index = list.length; index < shown; index++) alarms.clear(`store:${index}`)
    shown = list.length
  }

  function told(now: StoreTrouble | null): void {
    if (now) {
      refusing = true
      alarms.raise(ALARM, 'alarm', now.says)
      if (!closed) cancel ??= after(RETRY_MS, () => void retry())
    } else if (refusing) {
      refusing = false
      alarms.clear(ALARM)
      log.info('STORE_RECOVERED', {})
      recovered()
    }
  }

  async function retry(): Promise<void> {
    const result = await store
      .retry()
      .catch((error: unknown): Retried => ({ ok: false, error: troubleOf(error) }))
    cancel = null
    if (closed) return
    if (!result.ok && 'changed' in result) {
      alarms.raise(ALARM, 'alarm', say('store.changed'))
      restart?.()
      return
    }
    if (result.ok && reading) {
      reading = false
      show(result.notices)
    }
    told(result.ok ? null : result.error)
  }

  show(notices)
  told(trouble)
  return {
    told,
    get refusing() {
      return refusing
    },
    close() {
      closed = true
      cancel?.()
    },
  }
}
