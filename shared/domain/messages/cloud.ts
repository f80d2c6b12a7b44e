/** @file Codes of what stands between this PC and its Supabase project, and of what a person does about it, with their parameters. Pure. */
import type { Table } from './message.ts'

export const cloud = {
  /** What version 0.1 wrote down as a sentence. */
  saidBefore: ['text'],
} as const satisfies Table
