/** @file Codes of what the hub tells those who reach it over the network, and of what is the matter there, with their parameters. Pure. */
import type { Table } from './message.ts'

export const hub = {} as const satisfies Table
