/** @file English: lines of the audit trail. Pure. */
import type { audit as codes } from '../../domain/messages/audit.ts'
import type { Catalogue } from '../catalogue.ts'

export const audit = {
  moreMerges: 'And {{count}} more of this kind. The orders show what counts.',
  peerRemoved: '"{{pc}}" was removed in the cloud and is no longer joined on the LAN.',
} as const satisfies Catalogue<typeof codes>
