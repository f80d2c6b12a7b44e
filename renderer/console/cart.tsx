/** @file What has been chosen so far, for whom, and the button that sends it. Draws only. */

import type { LineInput } from '../../shared/domain/commands.ts'
import type { Menu } from '../../shared/domain/documents.ts'
import { money } from '../../shared/domain/money.ts'
import { FailureText } from '../shared/components/failure.tsx'
import { Allergy } from '../shared/components/ticket-parts.tsx'
import { said, typeName } from '../shared/format.ts'
import { useClientState, useDocument } from '../shared/hooks.ts'
import { groupsOf } from './choices.ts'
import type { Draft } from './drafts.ts'
import { OrderFieldEditors } from './order-fields.tsx'
import type { DraftPlace, Go } from './places.ts'
import type { DraftHandle } from './use-draft.ts'

/** Price of one and the names of what was chosen with it. */
function detail(menu: Menu, line: LineInput) {
  const dish = menu.items.find((item) => item.id === line.menuItem)
  const options = groupsOf(menu, dish)
    .flatMap((group) => group.options)
    .filter((option) => line.modifiers.includes(option.id))
  const price = (dish?.price ?? 0) + options.reduce((sum, option) => sum + option.price, 0)
  return { name: dish?.name ?? line.menuItem, price, options: options.map((option) => option.name) }
}

function CartLine({
  menu,
  line,
  sent,
  busy,
  onEdit,
}: {
  menu: Menu
  line: LineInput
  /** It may be at the kitchen already, and is not changed here. */
  sent: boolean
  busy: boolean
  onEdit: (line: LineInput) => void
}) {
  const { currency, locale } = useDocument('settings').body
  const { name, price, options } = detail(menu, line)
  const course = menu.courses.find((candidate) => candidate.id === line.course)
  const extras = [
    ...options,
    line.seat !== null && `seat ${line.seat}`,
    course?.name,
    line.note && said(line.note),
  ].filter(Boolean)
  return (
    <li>
      <button type="button" className="cart-line" disabled={sent} onClick={() => onEdit(line)}>
        <span className="quantity">{line.quantity}×</span>
        <span className="grow">
          <b>{name}</b>
          {sent && <span className="chip">{busy ? 'sending' : 'sent?'}</span>}
          {line.hold && <span className="chip">HOLD</span>}
          {extras.length > 0 && <span className="extras">{extras.join(' · ')}</span>}
          <Allergy allergies={line.allergies} />
        </span>
        <span className="price">{money(price * line.quantity, currency, locale)}</span>
      </button>
    </li>
  )
}

function About({ handle }: { handle: DraftHandle }) {
  const { draft, change } = handle
  if (draft.addTo !== null) return null
  return (
    <fieldset className="row" disabled={draft.doubt.length > 0} aria-label="About the order">
      <OrderFieldEditors type={draft.type} values={draft} onChange={change} />
    </fieldset>
  )
}

interface CartProps {
  handle: DraftHandle
  place: DraftPlace
  tableName: string | undefined
  onEdit: (line: LineInput) => void
  go: Go
}

function titleOf({ addTo, type }: Draft, tableName: string | undefined): string {
  const where = tableName ? `Table ${tableName}` : typeName(type)
  return addTo === null ? `New order · ${where}` : `Add to ${where}`
}

/** Why it takes its time, or what is not known. */
function Waiting({ handle, online }: { handle: DraftHandle; online: boolean }) {
  const text = handle.busy
    ? !online && 'No connection: the order is sent as soon as it is back.'
    : handle.draft.doubt.length > 0 && 'Nobody knows yet whether this was sent. Plate asks as soon as it can.'
  return text ? (
    <p className="chip warning" role="status">
      {text}
    </p>
  ) : null
}

export function Cart({ handle, place, tableName, onEdit, go }: CartProps) {
  const { draft, busy, error } = handle
  const menu = useDocument('menu').body
  const { currency, locale } = useDocument('settings').body
  const online = useClientState((state) => state.link === 'online')
  const total = draft.lines.reduce((sum, line) => sum + detail(menu, line).price * line.quantity, 0)
  return (
    <section className="cart" aria-label="Order">
      <h2>{titleOf(draft, tableName)}</h2>
      <About handle={handle} />
      <ul className="cart-lines">
        {draft.lines.map((line) => (
          <CartLine
            key={line.id}
            menu={menu}
            line={line}
            sent={draft.doubt.includes(line.id)}
            busy={busy}
            onEdit={onEdit}
          />
        ))}
        {draft.lines.length === 0 && <li className="empty small">Choose from the menu.</li>}
      </ul>
      <p className="total">
        <span>Total</span> <b>{money(total, currency, locale)}</b>
      </p>
      <FailureText error={error} />
      <Waiting handle={handle} online={online} />
      <div className="row">
        <button
          type="button"
          className="button danger"
          disabled={busy || draft.doubt.length > 0}
          onClick={() => {
            handle.discard()
            go(place.order ? { at: 'order', order: place.order } : { at: 'floor' })
          }}
        >
          Discard
        </button>
        <button
          type="button"
          className="button go big grow"
          disabled={busy || draft.lines.length === 0}
          onClick={handle.send}
        >
          {busy ? 'Sending…' : 'Send'}
        </button>
      </div>
    </section>
  )
}
