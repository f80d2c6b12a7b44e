/** @file The draft of one place and what can be done with it, up to sending. Touches local storage, sends commands. */
import type { LineInput } from '../../shared/domain/commands.ts'
import { type Failure, type Outcome, ok } from '../../shared/domain/errors.ts'
import { INITIAL_FIELDS, simpleOf } from '../../shared/domain/order-fields.ts'
import type { TicketView } from '../../shared/domain/view.ts'
import { useClient, useStream } from '../shared/hooks.ts'
import { useCommand } from '../shared/use-command.ts'
import { type Draft, draftKey, dropDraft, keepDraft, useDrafts } from './drafts.ts'
import type { DraftPlace } from './places.ts'

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

function emptyDraft(place: DraftPlace, order: string, seats: number): Draft {
  const { type, table = null, order: addTo = null } = place
  return { ...INITIAL_FIELDS, order, type, table, covers: seats, lines: [], addTo }
}

/** Two plain lines of the same dish are one line of two. */
function merged(lines: readonly LineInput[], line: LineInput): LineInput[] {
  const known = lines.find((other) => other.id === line.id)
  if (known) return lines.map((other) => (other.id === line.id ? line : other))
  const { id: _, quantity: __, ...what } = line
  const twin = lines.find((other) => {
    const { id: ___, quantity: ____, ...its } = other
    return JSON.stringify(its) === JSON.stringify(what)
  })
  if (!twin) return [...lines, line]
  return lines.map((other) =>
    other === twin ? { ...twin, quantity: Math.min(999, twin.quantity + line.quantity) } : other,
  )
}

export function useDraft(place: DraftPlace, seats: number, sent: (order: string) => void): DraftHandle {
  const client = useClient()
  const key = draftKey(place)
  const { busy, error, run } = useCommand()
  const stored = useDrafts()[key]
  const open = useStream('tickets', { scope: 'open' }).entries
  const draft = stored ?? emptyDraft(place, '', seats)
  const store = (part: Partial<Draft>) => {
    const order = draft.order || client.newId()
    keepDraft(key, { ...draft, order, ...part })
  }

  async function transmit(): Promise<Outcome<unknown>> {
    const { lines: items, addTo, order, type, table } = draft
    if (addTo !== null) return transmitLines(open.get(addTo), addTo, items)
    const outcome = await client.send('placeOrder', { order, type, table, ...simpleOf(draft), items })
    // It had arrived before the page was closed or reloaded: exactly what was wanted.
    return !outcome.ok && outcome.error.code === 'duplicateOrder' ? ok(null) : outcome
  }
  async function transmitLines(known: TicketView | undefined, order: string, items: LineInput[]) {
    const there = new Set(known?.items.map((item) => item.id))
    const missing = items.filter((item) => !there.has(item.id))
    return missing.length ? client.send('addItems', { order, items: missing }) : ok(null)
  }

  return {
    draft,
    busy,
    error,
    change: store,
    putLine: (line) => store({ lines: merged(draft.lines, line) }),
    removeLine: (id) => store({ lines: draft.lines.filter((line) => line.id !== id) }),
    discard: () => dropDraft(key),
    send() {
      void run(transmit, () => {
        dropDraft(key)
        sent(draft.addTo ?? draft.order)
      })
    },
  }
}
