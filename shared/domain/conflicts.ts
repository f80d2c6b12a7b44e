/** @file What two devices did to the same fact without having heard of each other, seen as one's event meets the other's state. Pure. */
import type { State } from './apply.ts'
import { canonical } from './canonical.ts'
import { apart, type Conflict, newsOf, sideOf } from './conflict.ts'
import { did } from './conflict-deeds.ts'
import type { DocumentName } from './documents.ts'
import type { EventData, PlateEvent } from './events.ts'
import { say } from './messages/index.ts'
import type { Mark } from './order.ts'
import { orderConflicts } from './order-conflicts.ts'
import { type Stamp, stampTime } from './stamp.ts'

/** A document or a dish keeps only its newest word, so all that is known of it is when and where that was written. */
const unsigned = (stamp: Stamp): Mark => ({ at: stampTime(stamp), stamp, by: null })

function inDocument(state: State, event: PlateEvent, data: EventData<'document.published'>): Conflict[] {
  const document = state.documents[data.name as DocumentName]
  if (!document || document.version !== data.version || !apart(event, document.stamp)) return []
  if (canonical(document.body) === canonical(data.body)) return []
  const what = did.published(data.name, data.version)
  const [known, news] = [sideOf(unsigned(document.stamp), what), newsOf(event, what)]
  const won = document.stamp < event.stamp ? 'news' : 'known'
  const fact = say('conflicts.aDocument', { document: data.name })
  return [{ kind: 'document', fact, known, news, won, verdict: say('conflicts.laterDocument') }]
}

function inStock(state: State, event: PlateEvent, data: EventData<'stock.set'>): Conflict[] {
  const word = state.stock.get(data.menuItem)
  if (!word || word.stamp <= event.stamp || word.out === data.out || !apart(event, word.stamp)) return []
  const dish = state.documents.menu.body.items.find((item) => item.id === data.menuItem)
  const fact = dish?.name ?? data.menuItem
  const known = sideOf(unsigned(word.stamp), did.stock(fact, word.out))
  const news = newsOf(event, did.stock(fact, data.out))
  const verdict = say(word.out ? 'conflicts.stockOut' : 'conflicts.stockOnSale', { fact })
  return [{ kind: 'stock', fact, known, news, won: 'known', verdict }]
}

/**
 * The conflicts that merging `event`, which another device decided, into `state` settles; call it before `apply`. Empty
 * in ordinary life: when the event is later than what it touches, or is there already. What two devices wrote arrives in
 * one order here and in the other there, so a conflict shows on at least one of them, not always on both.
 */
export function conflictsOf(state: State, event: PlateEvent): Conflict[] {
  if (event.kind === 'document.published') return inDocument(state, event, event.data)
  if (event.kind === 'stock.set') return inStock(state, event, event.data)
  const order = event.order === null ? undefined : state.orders.get(event.order)
  return order ? orderConflicts(order, event) : []
}
