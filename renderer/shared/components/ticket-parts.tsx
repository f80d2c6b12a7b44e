/** @file How a line of a ticket reads on any screen: quantity, name, modifiers, changes, void, allergy. Draws only. */
import type { Difference } from '../../../shared/domain/unseen.ts'
import type { ItemView } from '../../../shared/domain/view.ts'
import { said } from '../format.ts'

/** An unmistakable warning: word, sign and frame. */
export function Allergy({ allergies }: { allergies: readonly string[] }) {
  if (!allergies.length) return null
  return (
    <span className="allergy">
      <b>⚠ ALLERGY</b> {allergies.join(', ')}
    </span>
  )
}

/** What stood before, struck, and what stands now, underlined. */
export function BeforeAfter({ label, before, now }: { label?: string; before: string; now: string }) {
  return (
    <span className="change">
      {label && <span className="change-label">{label} </span>}
      {before && <del dir="auto">{before}</del>} {now && <ins dir="auto">{now}</ins>}
    </span>
  )
}

function ModifierChange({ change }: { change: [before: string[], now: string[]] }) {
  const [before, now] = change
  return (
    <>
      {before
        .filter((name) => !now.includes(name))
        .map((name) => (
          <span key={`-${name}`} className="modifier change">
            <del>{name}</del>
          </span>
        ))}
      {now.map((name) => (
        <span key={name} className="modifier">
          {before.includes(name) ? name : <ins>+ {name}</ins>}
        </span>
      ))}
    </>
  )
}

/** What was told late stands out; what is no longer said is struck. */
function AllergyChange({ change: [before, now] }: { change: [before: string[], now: string[]] }) {
  const gone = before.filter((name) => !now.includes(name))
  return (
    <span className="allergy">
      <b>⚠ ALLERGY</b> {gone.length > 0 && <del>{gone.join(', ')}</del>}{' '}
      {now.map((name) => (before.includes(name) ? `${name} ` : <ins key={name}>{name} </ins>))}
    </span>
  )
}

function Quantity({ item, change }: { item: ItemView; change: Difference | null }) {
  const both = change?.quantity
  return (
    <span className="quantity">
      {both ? (
        <>
          <del>{both[0]}×</del> <ins>{both[1]}×</ins>
        </>
      ) : (
        `${item.quantity}×`
      )}
    </span>
  )
}

const NEWS = { added: '+ ADDED', fired: '▲ FIRED' } as const

/** Everything about an item except its state: what to cook, and what is different about it. */
export function ItemText({ item }: { item: ItemView }) {
  const { change, voided } = item
  return (
    <span className={voided ? 'item-text voided' : 'item-text'}>
      <span className="item-line">
        <Quantity item={item} change={change} />
        <span className="item-name">{item.name}</span>
        {item.seat !== null && <span className="seat">Seat {item.seat}</span>}
      </span>
      {voided && (
        <span className="void-label">
          <b>✕ VOID</b> <bdi>{voided.reason}</bdi>
        </span>
      )}
      {item.news && (
        <span className="changed-label">
          <b>{NEWS[item.news]}</b>
        </span>
      )}
      {change && (
        <span className="changed-label">
          <b>✎ CHANGED</b>
        </span>
      )}
      {change?.modifiers ? (
        <ModifierChange change={change.modifiers} />
      ) : (
        item.modifiers.map((modifier) => (
          <span key={modifier.id} className="modifier">
            {modifier.name}
          </span>
        ))
      )}
      {change?.course && (
        <BeforeAfter label="Course" before={change.course[0] || 'none'} now={change.course[1] || 'none'} />
      )}
      {change?.note ? (
        <BeforeAfter label="Note" before={change.note[0]} now={change.note[1]} />
      ) : (
        item.note && <span className="note">{said(item.note)}</span>
      )}
      {change?.allergies ? (
        <AllergyChange change={change.allergies} />
      ) : (
        <Allergy allergies={item.allergies} />
      )}
    </span>
  )
}

const PRIORITY = { rush: '⚡ RUSH', vip: '★ VIP' } as const

export function Priority({ priority }: { priority: 'normal' | 'rush' | 'vip' }) {
  return priority === 'normal' ? null : <span className={`priority ${priority}`}>{PRIORITY[priority]}</span>
}
