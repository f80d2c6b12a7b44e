/** @file The draft of one place and what can be done with it, up to sending. Keeps drafts, sends commands. */
import { useEffect, useRef } from 'react'
import type { LineInput } from '../../shared/domain/commands.ts'
import { type Failure, ok } from '../../shared/domain/errors.ts'
import { INITIAL_FIELDS } from '../../shared/domain/order-fields.ts'
import { useClient } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'
import { useQuery } from '../shared/use-query.ts'
import { type Draft, draftAt, draftKey, dropDraft, keepDraft, useDrafts } from './drafts.ts'
import type { DraftPlace } from './places.ts'
import { beside, type Delivery, sendDraft } from './send-draft.ts'

export interface DraftHandle {
  draft: Draft
  change(part: Partial<Draft>): void
  putLine(line: LineInput): void
  removeLine(id: string): void
  discard(): void
  send(): void
  busy: boolean
  error: Failure | null
}

function emptyDraft(place: DraftPlace, seats: number): Draft {
  const { type, table = null, order: addTo = null } = place
  const toAdd = addTo !== null
  return { ...INITIAL_FIELDS, order: '', type, table, covers: seats, lines: [], addTo, toAdd, doubt: [] }
}

/** Two plain lines of the same dish are one line of two; one that was sent stays as it is. */
function merged({ lines, doubt }: Draft, line: LineInput): LineInput[] {
  const known = lines.find((other) => other.id === line.id)
  if (known) return lines.map((other) => (other.id === line.id ? line : other))
  const { id: _, quantity: __, ...what } = line
  const twin = lines.find((other) => {
    const { id: ___, quantity: ____, ...its } = other
    return !doubt.includes(other.id) && JSON.stringify(its) === JSON.stringify(what)
  })
  if (!twin) return [...lines, line]
  return lines.map((other) =>
    other === twin ? { ...twin, quantity: Math.min(999, twin.quantity + line.quantity) } : other,
  )
}

/** Lines that were written while others, `before`, were under way. */
function writtenSince(key: string, before: readonly LineInput[]): LineInput[] {
  const known = new Set(before.map(({ id }) => id))
  return draftAt(key)?.lines.filter(({ id }) => !known.has(id)) ?? []
}

/** Where the draft is once what it was `before` has been delivered; null: nothing is left of it. */
function settle(key: string, before: readonly LineInput[], { left, order }: Delivery): Draft | null {
  const since = writtenSince(key, before)
  const now = draftAt(key)
  const next = left ?? (now && since.length ? { ...now, lines: [], doubt: [], addTo: order } : null)
  if (!next) {
    dropDraft(key)
    return null
  }
  const kept = { ...next, lines: [...next.lines, ...since] }
  keepDraft(key, kept)
  return kept
}

export function useDraft(place: DraftPlace, seats: number, sent: (order: string) => void): DraftHandle {
  const client = useClient()
  const key = draftKey(place)
  const { busy, error, run } = useCommand()
  const stored = useDrafts()[key]
  const draft = stored ?? emptyDraft(place, seats)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])

  const store = (part: Partial<Draft>) =>
    keepDraft(key, { ...draft, order: draft.order || client.newId(), ...part })
  /** Whoever has gone on to another table is left there. */
  const finish = (lines: readonly LineInput[], delivery: Delivery) => {
    if (!settle(key, lines, delivery) && here.current) sent(delivery.order)
  }

  // A page that was closed while it sent finds out what became of it before anybody goes on.
  const order = draft.addTo ?? draft.order
  const asked = useQuery('order', { order }, draft.doubt.length > 0 && !busy)
  const unknown = asked.error?.code === 'unknownOrder'
  const found = asked.value?.id === order ? asked.value : null
  const open = !busy && draft.doubt.length > 0 && (unknown || found !== null)
  useEffect(() => {
    if (open) finish(draft.lines, { left: beside(draft, found, client.newId), order, error: null })
  })

  return {
    draft,
    busy,
    error,
    change: store,
    putLine: (line) => store({ lines: merged(draft, line) }),
    removeLine: (id) => store({ lines: draft.lines.filter((line) => line.id !== id) }),
    discard: () => dropDraft(key),
    send() {
      const { lines } = draft
      void run(async () => {
        const delivery = await sendDraft(client, draft, (next) =>
          keepDraft(key, { ...next, lines: [...next.lines, ...writtenSince(key, lines)] }),
        )
        finish(lines, delivery)
        return delivery.error ? { ok: false, error: delivery.error } : ok(null)
      })
    },
  }
}
