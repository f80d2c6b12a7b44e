/** @file The cloud as the rest of the core sees it: whether there is a connection or not, and how to get one. */
import type { CloudInfo, CloudStatus } from '../../../shared/contract/contract.ts'
import { fail, type Outcome } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Actor } from '../actor.ts'
import type { AuditEntry, Cloud, Home, Secrets } from '../ports.ts'
import type { CloudBase } from './context.ts'
import { createHomes } from './home.ts'
import type { LinkRecord, Links } from './link.ts'
import { createLost, type Lost } from './lost.ts'
import { type Session, startSession } from './session.ts'
import { createSetup, type Setup } from './setup.ts'

export interface CloudSyncOptions extends CloudBase {
  cloud: Cloud
  links: Links
  /** The restaurant the store says it belongs to. */
  home: Home | null
  secrets: Secrets
  /** Shown to people as this device's name. */
  name: string
  restart: (() => void) | undefined
  /** Ids of orders that are open here. */
  openOrders(): string[]
  /** A manager has removed these cores, and no others. Answers the lines of the audit trail about what that changed here. */
  removed(cores: readonly string[]): Promise<AuditEntry[]>
  show(status: CloudStatus | null): void
}

export interface CloudSync {
  readonly setup: Setup
  link(): LinkRecord | null
  /** Null while this core works without the cloud. */
  status(): CloudStatus | null
  info(): Promise<CloudInfo>
  /** The log grew by these events, counted by source. */
  logGrew(news: ReadonlyMap<string | null, number>): void
  woke(): void
  retry(lane: string, actor: Actor): Promise<Outcome<null>>
  withdraw(lane: string, reason: string, actor: Actor): Promise<Outcome<null>>
  close(): Promise<void>
}

const UNREADABLE = 'cloud:link'
const NO_LINK = fail('invalid', { why: 'other', message: say('cloud.notConnected') })

/** Starts the exchange when there is a link. Rejects when the store cannot say what waits. */
export async function createCloudSync(options: CloudSyncOptions): Promise<CloudSync> {
  const { links, engine, store, alarms, log } = options
  const homes = createHomes(options, options.home)
  let session: Session | null = null
  let lost: Lost | null = null

  async function begin(): Promise<void> {
    const link = links.get()
    if (!link) return
    alarms.clear(UNREADABLE)
    // Of a store that was put in the other's place, or a crash between the claim and this.
    if (link.letter !== engine.letter()) {
      // What cannot be kept just now is seen again at the next start.
      await store.setLetter(link.letter).catch((error: unknown) => {
        log.error('CLOUD_LETTER_NOT_KEPT', { error: String(error) })
      })
      engine.setLetter(link.letter)
    }
    endLost()
    await homes.enter(link.restaurant, link.name)
    session = await startSession(options, link)
  }
  async function end(): Promise<void> {
    const ending = session
    session = null
    endLost()
    await ending?.close()
  }
  function endLost(): void {
    lost?.close()
    lost = null
  }

  /** The store says that nobody ended the connection, whatever became of it. */
  async function lookForLost(): Promise<void> {
    const home = homes.get()
    if (links.get() || !home?.connected) return
    log.error('CLOUD_LINK_LOST', { restaurant: home.restaurant, unreadable: links.unreadable })
    lost = createLost(options, home.name, await homes.unsent())
  }

  /** The restaurant this core would go on in. */
  async function former(): Promise<CloudInfo['former']> {
    const home = homes.get()
    if (!home) return null
    const { restaurant, name, connected } = home
    return { restaurant, name, unsent: await homes.unsent(), lost: connected }
  }

  await begin()
  await lookForLost()
  if (links.unreadable && !lost) alarms.raise(UNREADABLE, 'warning', say('cloud.linkUnreadable'))
  const setup = createSetup({
    ...options,
    homes,
    begin,
    end,
    signedOut: () => session?.status().needs === 'code',
  })
  return {
    setup,
    link: links.get,
    status: () => (session ?? lost)?.status() ?? null,
    async info() {
      const link = links.get()
      const { parked = [], devices = null } = (await session?.info()) ?? {}
      if (!link) return { link: null, former: await former(), parked, devices }
      const { url, key, restaurant, name, device, letter, since } = link
      return { link: { url, key, restaurant, name, device, letter, since }, former: null, parked, devices }
    },
    logGrew: (news) => (session ?? lost)?.logGrew(news),
    woke: () => session?.woke(),
    retry: async (lane, actor) => session?.retry(lane, actor) ?? NO_LINK,
    withdraw: async (lane, reason, actor) => session?.withdraw(lane, reason, actor) ?? NO_LINK,
    async close() {
      await end()
      await setup.close()
    },
  }
}
