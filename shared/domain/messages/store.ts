/** @file Codes of what is the matter with the database, its folder and its backups, with their parameters. Pure. */
import type { Table } from './message.ts'

export const store = {} as const satisfies Table
