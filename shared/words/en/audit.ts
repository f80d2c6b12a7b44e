/** @file English: lines of the audit trail. Pure. */
import type { audit as codes } from '../../domain/messages/audit.ts'
import type { Catalogue } from '../catalogue.ts'

export const audit = {
  moreMerges: 'And {{count}} more of this kind. The orders show what counts.',
} as const satisfies Catalogue<typeof codes>
