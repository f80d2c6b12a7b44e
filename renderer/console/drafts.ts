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
  /** Somebody chose that order to add to it. */
  toAdd: boolean
  /** Lines that were sent and of which nobody knows whether they arrived: they stay as they are until it is known. */
  doubt: string[]
}

/** Each draft is kept by itself: two windows write two of them at once. */
const STORED = 'plate.draft:'
/** Where older pages kept all of them together. */
const TOGETHER = 'plate.drafts'

type Drafts = Readonly<Record<string, Draft>>
type Stored = Omit<Draft, 'toAdd' | 'doubt' | keyof SimpleFields> & Partial<Draft>

/** One that an older page kept lacks fields that were added since. */
const read = (draft: Stored): Draft => ({
  ...INITIAL_FIELDS,
  toAdd: draft.addTo !== null,
  doubt: [],
  ...draft,
})

/** The name a draft is kept under. */
export function draftKey({ type, table, order }: Omit<DraftPlace, 'at'>): string {
  if (order !== undefined) return `add:${order}`
  return table === undefined ? type : `table:${table}`
}

function parsed<T>(text: string | null): T | null {
  try {
    return JSON.parse(text ?? 'null') as T | null
  } catch {
    return null
  }
}

function load(): Drafts {
  const found = Object.entries(parsed<Record<string, Stored>>(localStorage.getItem(TOGETHER)) ?? {})
  for (const name of Object.keys(localStorage)) {
    const draft = name.startsWith(STORED) && parsed<Stored>(localStorage.getItem(name))
    if (draft) found.push([name.slice(STORED.length), draft])
  }
  return Object.fromEntries(found.map(([key, draft]) => [key, read(draft)]))
}

const listeners = new Set<() => void>()
let drafts: Drafts = split(load())
addEventListener('storage', reloadDrafts)

/** Gives each draft that older pages kept together a place of its own. */
function split(all: Drafts): Drafts {
  if (localStorage.getItem(TOGETHER) === null) return all
  for (const [key, draft] of Object.entries(all)) localStorage.setItem(STORED + key, JSON.stringify(draft))
  localStorage.removeItem(TOGETHER)
  return all
}

function changed(next: Drafts): void {
  drafts = next
  for (const listener of [...listeners]) listener()
}

/** Keeps `draft`; an empty one need not be kept. */
export function keepDraft(key: string, draft: Draft): void {
  localStorage.setItem(STORED + key, JSON.stringify(draft))
  changed({ ...drafts, [key]: draft })
}

export function dropDraft(key: string): void {
  localStorage.removeItem(STORED + key)
  const { [key]: _, ...rest } = drafts
  changed(rest)
}

/** The draft under `key` as it is now. */
export const draftAt = (key: string): Draft | undefined => drafts[key]

/** Reads storage again, as a reloaded page would, and as is right when another window wrote. */
export function reloadDrafts(): void {
  changed(split(load()))
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
