/** @file The words for statuses as servers say them. Data only. */
import type { ItemStatus, OrderStatus } from '../../shared/domain/order.ts'

export const STATUS_NAMES: Readonly<Record<ItemStatus | OrderStatus, string>> = {
  held: 'Held',
  confirmed: 'In the kitchen',
  preparing: 'Cooking',
  ready: 'Ready',
  served: 'Served',
  voided: 'Void',
  cancelled: 'Cancelled',
}
