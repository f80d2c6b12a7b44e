/** @file What this core remembers of its connection to a restaurant in the cloud. Reads and writes the vault. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { readMessage } from '../../../shared/domain/messages/read.ts'
import type { KnownPc } from '../names.ts'
import type { CloudLink, Log, Store, Vault } from '../ports.ts'

/** The connection as it is kept, with what must outlive a restart. */
export interface LinkRecord extends CloudLink {
  /** The cloud's orders are to take the place of those in this core's store, before it is opened. */
  fresh: boolean
  /** This core has known everything the cloud has, at least once. */
  current: boolean
  /** Who removed this device, for whoever stands before it; null while it is trusted. */
  locked: Message | null
  /** When that was, ms UTC. */
  lockedAt?: number
  /** The cloud was seen to know less than this core: what it has counted since may be missing here. */
  reset?: boolean
  /** The restaurant's PCs when they were last asked for. */
  pcs?: KnownPc[]
}

export interface Links {
  get(): LinkRecord | null
  /** Whether something was kept that can no longer be read. */
  readonly unreadable: boolean
  /** Keeps this; null forgets it. Rejects when the vault cannot. */
  set(record: LinkRecord | null): Promise<void>
  /** Changes what is kept, when there is anything; what cannot be written is only remembered until the restart. */
  update(change: Partial<LinkRecord>): Promise<void>
}

const NAME = 'cloud-link'
const TEXTS = ['url', 'key', 'restaurant', 'name', 'device', 'letter'] as const

const isPc = (pc: Partial<KnownPc> | null): pc is KnownPc =>
  [pc?.core, pc?.name, pc?.letter].every((text) => typeof text === 'string')

function read(text: string): LinkRecord | null {
  try {
    const raw = JSON.parse(text) as Partial<Record<keyof LinkRecord, unknown>> | null
    if (!raw || TEXTS.some((name) => typeof raw[name] !== 'string') || typeof raw.since !== 'number')
      return null
    return {
      ...(raw as unknown as CloudLink),
      fresh: raw.fresh === true,
      current: raw.current === true,
      // Version 0.1 kept the sentence.
      locked:
        typeof raw.locked === 'string'
          ? say('cloud.saidBefore', { text: raw.locked })
          : readMessage(raw.locked),
      ...(Array.isArray(raw.pcs) && { pcs: raw.pcs.filter(isPc) }),
    }
  } catch {
    return null
  }
}

/** Reads what the vault keeps. */
export async function openLinks(vault: Vault, log: Log): Promise<Links> {
  let why = 'notALink'
  const text = await vault.read(NAME).catch((error: unknown) => {
    why = String(error)
    return ''
  })
  let record = text === null ? null : read(text)
  const unreadable = text !== null && record === null
  if (unreadable) log.error('CLOUD_LINK_UNREADABLE', { why })
  // One write at a time, so that an older one never lands on a newer one.
  let writing: Promise<void> = Promise.resolve()

  function write(next: LinkRecord | null): Promise<void> {
    const turn = writing.then(() => vault.write(NAME, next && JSON.stringify(next)))
    writing = turn.catch(() => undefined)
    return turn
  }

  return {
    get: () => record,
    unreadable,
    async set(next) {
      await write(next)
      record = next
    },
    async update(change) {
      if (!record) return
      record = { ...record, ...change }
      await write(record).catch((error: unknown) =>
        log.error('CLOUD_LINK_NOT_KEPT', { change: Object.keys(change), error: String(error) }),
      )
    },
  }
}

/**
 * Moves the store's database out of the way if the cloud's orders are to take its place; call it before `store.open()`.
 * The mark goes only after the move and before anything is opened: a crash in between finds nothing left to move.
 * Rejects when the mark cannot be taken away, because the next start would then move the new orders away.
 */
export async function makeRoom(links: Links, store: Store, log: Log): Promise<void> {
  const link = links.get()
  if (!link?.fresh) return
  const file = await store.setAside()
  await links.set({ ...link, fresh: false })
  log.info('CLOUD_STORE_SET_ASIDE', { file, restaurant: link.restaurant })
}
