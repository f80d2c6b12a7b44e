/** @file Codes of what stands between this PC and its Supabase project, and of what a person does about it, with their parameters. Pure. */
import type { Table } from './message.ts'

export const cloud = {} as const satisfies Table
