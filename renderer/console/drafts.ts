/** @file Orders being written, kept on this machine until they are sent: a reload or a crash loses none. Touches local storage. */
import { useSyncExternalStore } from 'react'
import type { LineInput } from '../../shared/domain/commands.ts'
import { INITIAL_FIELDS, type SimpleFields } from '../../shared/domain/order-fields.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import type { DraftPlace } from './places.ts'

export interface Draft extends SimpleFields {
  /** Made with the draft, so that sending twice is one order. */
  order: string
  type: TicketView['type']
  table: string | null
  lines: LineInput[]
  /** The lines are added to this order instead. */
  addTo: string | null
}

const STORED = 'plate.drafts'

type Drafts = Readonly<Record<string, Draft>>

/** The name a draft is kept under. */
export function draftKey({ type, table, order }: Omit<DraftPlace, 'at'>): string {
  if (order !== undefined) return `add:${order}`
  return table === undefined ? type : `table:${table}`
}

function load(): Drafts {
  try {
    const stored = Object.entries(JSON.parse(localStorage.getItem(STORED) ?? '{}') as Drafts)
    // One that an older page kept lacks fields that were added since.
    return Object.fromEntries(stored.map(([key, draft]) => [key, { ...INITIAL_FIELDS, ...draft }]))
  } catch {
    return {}
  }
}

const listeners = new Set<() => void>()
let drafts: Drafts = load()

function save(next: Drafts): void {
  drafts = next
  localStorage.setItem(STORED, JSON.stringify(next))
  for (const listener of [...listeners]) listener()
}

/** Keeps `draft`; an empty one need not be kept. */
export function keepDraft(key: string, draft: Draft): void {
  save({ ...drafts, [key]: draft })
}

export function dropDraft(key: string): void {
  const { [key]: _, ...rest } = drafts
  save(rest)
}

/** Reads storage again, as a reloaded page would. */
export function reloadDrafts(): void {
  drafts = load()
  for (const listener of [...listeners]) listener()
}

/** All drafts by key. */
export function useDrafts(): Drafts {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => drafts,
  )
}
