/** @file The restaurant's PCs as the cloud lists them: read when a name is lacking, and kept for starts without it. Writes the link. */
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import type { Names } from '../names.ts'
import type { CloudConnection } from '../ports.ts'
import type { LinkRecord, Links } from './link.ts'

export interface Directory {
  /** The list for the manager; null when the cloud does not tell. */
  read(): Promise<CloudInfo['devices']>
  /** Reads it if a name is lacking. */
  refresh(): void
}

/** Creates it, with the names that were kept. */
export function createDirectory(
  connection: CloudConnection,
  links: Links,
  link: LinkRecord,
  names: Names,
): Directory {
  let reading = false
  const kept = link.pcs ?? []
  if (kept.length) names.learn(kept)
  let fresh = kept.length > 0

  async function read(): Promise<CloudInfo['devices']> {
    const answer = await connection.devices()
    if (!answer.ok) return null
    // Of a PC with an old entry, the one that is good comes last, and counts.
    const pcs = [...answer.value]
      .sort((a, b) => Number(b.revoked) - Number(a.revoked))
      .map(({ core, name, letter }) => ({ core, name, letter }))
    names.learn(pcs)
    fresh = false
    const now = links.get()
    if (now?.device === link.device && JSON.stringify(pcs) !== JSON.stringify(now.pcs))
      await links.update({ pcs })
    return answer.value.map(({ core: _core, ...device }) => ({ ...device, self: device.id === link.device }))
  }

  return {
    read,
    refresh() {
      // What was kept may be old by now.
      if (reading || !(fresh || names.lacking())) return
      reading = true
      void read().finally(() => {
        reading = false
      })
    },
  }
}
