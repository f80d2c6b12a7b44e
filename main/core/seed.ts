/** @file Fills a new restaurant with documents, through the same commands as any manager. */
import type { State } from '../../shared/domain/apply.ts'
import { DOCUMENT_NAMES } from '../../shared/domain/documents.ts'
import type { Outcome } from '../../shared/domain/errors.ts'
import type { Engine } from './engine/engine.ts'

/**
 * Publishes each document of `documents` that this store has never had. Does nothing on a store that has them.
 * Fails on the first document that is not valid.
 */
export async function seedRestaurant(
  engine: Engine,
  state: State,
  documents: Record<string, unknown>,
  id: () => string,
): Promise<Outcome<{ published: string[] }>> {
  const published: string[] = []
  for (const name of DOCUMENT_NAMES) {
    if (state.documents[name].version > 0 || documents[name] === undefined) continue
    const outcome = await engine.submit({
      id: id(),
      name: 'publishDocument',
      args: { name, base: 0, body: documents[name] },
      actor: { device: { id: 'setup', name: 'Setup' }, staff: null, roles: ['admin'] },
    })
    if (!outcome.ok) return outcome
    published.push(name)
  }
  return { ok: true, value: { published } }
}
