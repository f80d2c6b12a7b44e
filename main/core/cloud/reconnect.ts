/** @file A connected core finds its way back: with the project's new key, or as another device of the same restaurant. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Engine } from '../engine/engine.ts'
import type { ClaimWish, Cloud, CloudAnswer, CloudLink, CloudProject, Log } from '../ports.ts'
import { done, failure, NOW_BUSY } from './failures.ts'
import type { LinkRecord, Links } from './link.ts'

/** What connecting came to. */
export interface Joined {
  restaurant: string
  name: string
  /** Plate starts again in a moment. */
  restarts: boolean
}

export interface ReconnectOptions {
  cloud: Cloud
  links: Links
  engine: Engine
  log: Log
  /** Claims with a device code. */
  ask(project: CloudProject, code: string, wanted: ClaimWish): Promise<CloudAnswer<CloudLink>>
  /** Begins to exchange over the link there is; ends it. */
  begin(): Promise<void>
  end(): Promise<void>
}

export interface Reconnect {
  /** Makes a device whose access has ended another one of its restaurant; store, outbox and cursors go on. */
  claim(old: LinkRecord, project: CloudProject, code: string): Promise<CloudAnswer<Joined>>
  /** Goes on with the project's new key, once it was seen to work. */
  renewKey(key: string): Promise<CloudAnswer<null>>
}

const NOT_CONNECTED = failure('refused', say('cloud.notConnected'))

/** Keeps the link, or says why it could not be kept. */
export async function keepLink(
  { links, log }: { links: Links; log: Log },
  link: LinkRecord,
): Promise<CloudAnswer<null>> {
  try {
    await links.set(link)
    return done(null)
  } catch (error) {
    log.error('CLOUD_LINK_NOT_KEPT', { error: String(error) })
    return failure('refused', say('cloud.linkNotKept', { text: String(error) }))
  }
}

/** Creates both ways back. The caller sees to it that only one is gone at a time. */
export function createReconnect(options: ReconnectOptions): Reconnect {
  const { cloud, links, engine, log, ask, begin, end } = options

  async function claim(old: LinkRecord, project: CloudProject, code: string): Promise<CloudAnswer<Joined>> {
    if (project.url !== old.url)
      return failure('refused', say('cloud.belongsTo', { restaurant: old.name, url: old.url }))
    const claimed = await ask(project, code, { restaurant: old.restaurant })
    if (!claimed.ok) return claimed
    const { restaurant, name, device, letter } = claimed.value
    const { current, reset = false, pcs = [] } = links.get() ?? old
    const again = await reconnect({ ...claimed.value, fresh: false, current, locked: null, reset, pcs })
    if (!again.ok) {
      await cloud.forget()
      return again
    }
    log.info('CLOUD_JOINED', { restaurant, device, letter, take: 'again' })
    return done({ restaurant, name, restarts: false })
  }

  async function renewKey(key: string): Promise<CloudAnswer<null>> {
    const link = links.get()
    if (!link) return NOT_CONNECTED
    // Plate is about to start again, with other orders: nothing of these must be sent.
    if (link.fresh) return NOW_BUSY
    const checked = await cloud.check({ url: link.url, key })
    if (!checked.ok) return checked
    const again = await reconnect({ ...(links.get() ?? link), key: checked.value.key })
    if (again.ok) log.info('CLOUD_KEY_RENEWED', { restaurant: link.restaurant })
    return again
  }

  /** Keeps another way to the same restaurant, and exchanges over it from now on. */
  async function reconnect(link: LinkRecord): Promise<CloudAnswer<null>> {
    const kept = await keepLink(options, link)
    if (!kept.ok) return kept
    await end()
    if (link.locked === null) engine.lock(null)
    await begin()
    return done(null)
  }

  return { claim, renewKey }
}
