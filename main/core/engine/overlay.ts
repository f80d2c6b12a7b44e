/** @file A draft of the state for one batch: nobody sees it until its commit is durable. */
import type { Documents, State } from '../../../shared/domain/apply.ts'
import type { OrderState } from '../../../shared/domain/order.ts'

/** A Map whose writes stay its own and whose reads fall through to `base`. Iterating yields only what was written. */
class OverlayMap<K, V> extends Map<K, V> {
  #base: ReadonlyMap<K, V>

  constructor(base: ReadonlyMap<K, V>) {
    super()
    this.#base = base
  }

  override get(key: K): V | undefined {
    return super.get(key) ?? this.#base.get(key)
  }

  override has(key: K): boolean {
    return super.has(key) || this.#base.has(key)
  }

  rebase(base: ReadonlyMap<K, V>): void {
    this.#base = base
  }

  *layers(): Generator<[K, V]> {
    yield* this
    for (const entry of everyEntry(this.#base)) if (!super.has(entry[0])) yield entry
  }
}

/** Every entry of a map, of a draft's also those below it. */
function everyEntry<K, V>(map: ReadonlyMap<K, V>): Iterable<[K, V]> {
  return map instanceof OverlayMap ? (map as OverlayMap<K, V>).layers() : map
}

/** Every order of a state, of a draft also those below it. */
export function* everyOrder({ orders }: State): Generator<OrderState> {
  for (const [, order] of everyEntry(orders)) yield order
}

/** Starts a draft on top of `state`. */
export function draftOf(state: State): State {
  return {
    orders: new OverlayMap(state.orders),
    documents: state.documents,
    stock: new OverlayMap(state.stock),
  }
}

/** Puts a draft on `state`, which has taken over what the draft stood on: otherwise drafts would hold each other for ever. */
export function rebase(draft: State, state: State): void {
  if (draft.orders instanceof OverlayMap) draft.orders.rebase(state.orders)
  if (draft.stock instanceof OverlayMap) draft.stock.rebase(state.stock)
}

/** What a draft changed. */
export interface DraftChanges {
  orders: string[]
  documents: Partial<Documents>
  stock: string[]
}

/** What `draft` changed against the state below it. */
export function changesOf(state: State, draft: State): DraftChanges {
  const names = Object.keys(draft.documents) as (keyof Documents)[]
  const changed = names.filter((name) => draft.documents[name] !== state.documents[name])
  return {
    orders: [...draft.orders.keys()],
    documents: Object.fromEntries(changed.map((name) => [name, draft.documents[name]])) as Partial<Documents>,
    stock: [...draft.stock.keys()],
  }
}

/** Makes a committed draft the state. */
export function adopt(state: State, draft: State): void {
  for (const [id, order] of draft.orders) state.orders.set(id, order)
  for (const [id, entry] of draft.stock) state.stock.set(id, entry)
  state.documents = draft.documents
}
