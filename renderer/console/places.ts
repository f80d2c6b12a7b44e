/** @file Where in the console a person is. Types only. */
import type { TicketView } from '../../shared/domain/view.ts'

/** What is being ordered: for a table, to go, or on top of an order that was sent. */
export interface DraftPlace {
  at: 'draft'
  type: TicketView['type']
  table?: string
  /** Items are added to this order. */
  order?: string
}

export type Place =
  | { at: 'floor' }
  | { at: 'orders'; table?: string }
  | { at: 'stock' }
  | { at: 'order'; order: string }
  | DraftPlace

export type Go = (place: Place) => void
