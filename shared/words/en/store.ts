/** @file English: what is the matter with the database and its backups. Pure. */
import type { store as codes } from '../../domain/messages/store.ts'
import type { Catalogue } from '../catalogue.ts'

export const store = {} as const satisfies Catalogue<typeof codes>
