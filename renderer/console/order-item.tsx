/** @file One item of a sent order, with where it stands. Draws only. */
import type { ItemView } from '../../shared/domain/view.ts'
import { ItemText } from '../shared/components/ticket-parts.tsx'
import { STATUS_NAMES } from '../shared/status.ts'

export function OrderItem({ item, onChoose }: { item: ItemView; onChoose: () => void }) {
  return (
    <li>
      <button
        type="button"
        className="order-item"
        data-item={item.id}
        data-state={item.status}
        disabled={item.voided !== null}
        onClick={onChoose}
      >
        <span className="grow">
          <ItemText item={item} />
        </span>
        <span className={`status ${item.status}`}>{STATUS_NAMES[item.status]}</span>
      </button>
    </li>
  )
}
