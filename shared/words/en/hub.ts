/** @file English: what the hub tells over the network. Pure. */
import type { hub as codes } from '../../domain/messages/hub.ts'
import type { Catalogue } from '../catalogue.ts'

export const hub = {} as const satisfies Catalogue<typeof codes>
