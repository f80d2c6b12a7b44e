/** @file PCs that a manager removed in the cloud: let go on the LAN as well, and not let in again while they are removed. */
import { type Failure, failure } from '../../shared/domain/errors.ts'
import { say } from '../../shared/domain/messages/index.ts'
import type { AuditEntry, DeviceRecord, Log } from './ports.ts'

export interface Removed {
  /** Whether a manager has removed this core (its id) in the cloud. */
  has(core: string): boolean
  /**
   * These cores are removed, and no others. Lets go of those that are peers here, and answers the lines of the audit
   * trail about it.
   */
  are(cores: readonly string[]): Promise<AuditEntry[]>
}

export interface RemovedOptions {
  /** Those that were paired here. */
  devices(): { find(id: string): DeviceRecord | undefined; revoke(id: string): Promise<boolean> }
  /** Those that this core joined. */
  peers(): { drop(core: string): Promise<string | null> }
  /** Ends all connections of a device. */
  disconnect(device: string, why: Failure): void
  log: Log
  now(): number
  /** A new UUIDv7. */
  id(): string
}

/** What such a PC is told, here and at each try to come back. */
export const REMOVED = failure('revoked', { why: 'cloud' })

/** Creates the list; it is empty until the cloud has told. */
export function createRemoved(options: RemovedOptions): Removed {
  const { log, now, id } = options
  let removed: ReadonlySet<string> = new Set()

  /** Name of a core that was paired here as a peer, until now. */
  async function unpair(core: string): Promise<string | null> {
    const device = options.devices().find(core)
    if (device?.kind !== 'peer' || device.revokedAt !== null) return null
    const kept = options.devices().revoke(core)
    options.disconnect(core, REMOVED)
    await kept
    return device.name
  }

  async function letGo(core: string): Promise<AuditEntry | null> {
    const name = await unpair(core)
    const dialled = await options.peers().drop(core)
    const known = name ?? dialled
    if (known === null) return null
    log.warn('PEER_REMOVED', { peer: core, name: known })
    return lineOf(core, known)
  }

  const lineOf = (core: string, name: string): AuditEntry => ({
    at: now(),
    command: id(),
    name: 'peerRemoved',
    order: null,
    number: null,
    staff: null,
    device: { id: core, name },
    outcome: 'ok',
    says: say('audit.peerRemoved', { pc: name }),
    args: '{}',
  })

  return {
    has: (core) => removed.has(core),
    async are(cores) {
      removed = new Set(cores)
      const lines = await Promise.all(
        cores.map((core) =>
          letGo(core).catch((error: unknown) => {
            // It is gone from memory; the store is asked again after the next start.
            log.error('PEER_NOT_REMOVED', { peer: core, error: String(error) })
            return null
          }),
        ),
      )
      return lines.filter((line) => line !== null)
    },
  }
}
