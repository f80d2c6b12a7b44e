/** @file English: what stands between this PC and its Supabase project. Pure. */
import type { cloud as codes } from '../../domain/messages/cloud.ts'
import type { Catalogue } from '../catalogue.ts'

export const cloud = {
  saidBefore: '{{text}}',
} as const satisfies Catalogue<typeof codes>
