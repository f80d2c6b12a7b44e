/** @file Fills a new restaurant with documents that count less than anything a person has ever published. */

import type { State } from '../../shared/domain/apply.ts'
import { canonical } from '../../shared/domain/canonical.ts'
import { checkDocument } from '../../shared/domain/decide/restaurant.ts'
import { DOCUMENT_NAMES, type DocumentName } from '../../shared/domain/documents.ts'
import type { Outcome } from '../../shared/domain/errors.ts'
import { type PlateEvent, VERSIONS } from '../../shared/domain/events.ts'
import { makeStamp } from '../../shared/domain/stamp.ts'
import type { Engine } from './engine/engine.ts'
import type { AuditEntry } from './ports.ts'

/** Where these events come from: no core has decided them. */
const SOURCE = 'seed'
const DIGITS = 32

/**
 * The event of a document that comes with Plate: the same on every PC, so that two that meet have one and the same, and
 * with the smallest stamp there is, so that it loses against every person's word on any of them.
 */
function eventOf(name: DocumentName, body: unknown, hash: (text: string) => string): PlateEvent {
  const id = `${SOURCE}-${name}-${hash(canonical(body)).slice(0, DIGITS)}`
  return {
    id,
    v: VERSIONS['document.published'],
    kind: 'document.published',
    order: null,
    at: 0,
    stamp: makeStamp(0, 0, id),
    device: SOURCE,
    staff: null,
    command: id,
    data: { name, version: 1, body },
  }
}

function auditOf({ id }: PlateEvent, name: DocumentName, at: number): AuditEntry {
  return {
    at,
    command: id,
    name: 'publishDocument',
    order: null,
    number: null,
    staff: null,
    device: { id: 'setup', name: 'Setup' },
    outcome: 'ok',
    says: null,
    args: JSON.stringify({ name, base: 0 }),
  }
}

/**
 * Publishes each document of `documents` that this store has never had. Does nothing on a store that has them.
 * Publishes none when one is not valid. `hash`: of a text, hex.
 */
export async function seedRestaurant(
  engine: Engine,
  state: State,
  documents: Record<string, unknown>,
  { hash, now }: { hash(text: string): string; now(): number },
): Promise<Outcome<{ published: string[] }>> {
  const published = DOCUMENT_NAMES.filter(
    (name) => state.documents[name].version === 0 && documents[name] !== undefined,
  )
  const events: PlateEvent[] = []
  const audit: AuditEntry[] = []
  for (const name of published) {
    const body = checkDocument(name, documents[name])
    if (!body.ok) return body
    const event = eventOf(name, body.value, hash)
    events.push(event)
    audit.push(auditOf(event, name, now()))
  }
  if (!events.length) return { ok: true, value: { published } }
  const taken = await engine.ingest(SOURCE, events, 0, { audit })
  return taken.ok ? { ok: true, value: { published } } : taken
}
