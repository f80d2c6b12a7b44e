/** @file One line of a draft: how many, how, for whom, when. Draws only. */

import { useState } from 'react'
import type { LineInput } from '../../shared/domain/commands.ts'
import { ALLERGENS, type Menu } from '../../shared/domain/documents.ts'
import { Panel } from '../shared/components/panel.tsx'
import { Select } from '../shared/components/select.tsx'
import { Sign } from '../shared/components/sign.tsx'
import { courseOptions, groupsOf, missing } from './choices.ts'
import { ModifierGroups } from './modifier-groups.tsx'
import { Stepper } from './stepper.tsx'

interface EditorProps {
  menu: Menu
  line: LineInput
  /** Seats to choose from; none for an order to go. */
  seats: number
  onSave: (line: LineInput) => void
  onRemove?: () => void
  onClose: () => void
}

type Change = (change: Partial<LineInput>) => void

function Allergies({ line, change }: { line: LineInput; change: Change }) {
  const { allergies } = line
  return (
    <fieldset className="group">
      <legend>Guest’s allergies</legend>
      <div className="row">
        {ALLERGENS.map((allergen) => {
          const on = allergies.includes(allergen)
          const next = on ? allergies.filter((other) => other !== allergen) : [...allergies, allergen]
          return (
            <button
              key={allergen}
              type="button"
              className="button small"
              aria-pressed={on}
              onClick={() => change({ allergies: next })}
            >
              {on && <Sign>⚠</Sign>}
              {allergen}
            </button>
          )
        })}
      </div>
    </fieldset>
  )
}

/** Without a choice of its own a line goes with the course of its dish or category. */
function CourseChoice({ menu, line, change }: { menu: Menu; line: LineInput; change: Change }) {
  const dish = menu.items.find((item) => item.id === line.menuItem)
  const usual = dish?.course ?? menu.categories.find((category) => category.id === dish?.category)?.course
  return (
    <Select
      label="Course"
      value={line.course ?? usual ?? ''}
      options={[...(usual === undefined ? [['', 'None'] as const] : []), ...courseOptions(menu)]}
      onChange={(course) => change({ course: course || undefined })}
    />
  )
}

function SeatChoice({ line, seats, change }: { line: LineInput; seats: number; change: Change }) {
  const numbers = Array.from({ length: seats }, (_, index) => index + 1)
  return (
    <Select
      label="Seat"
      value={line.seat === null ? '' : String(line.seat)}
      options={[['', 'Whole table'], ...numbers.map((seat) => [String(seat), `Seat ${seat}`] as const)]}
      onChange={(seat) => change({ seat: seat ? Number(seat) : null })}
    />
  )
}

export function LineEditor({ menu, line: first, seats, onSave, onRemove, onClose }: EditorProps) {
  const [line, setLine] = useState(first)
  const change: Change = (part) => setLine((now) => ({ ...now, ...part }))
  const dish = menu.items.find((item) => item.id === line.menuItem)
  const groups = groupsOf(menu, dish)
  const short = missing(groups, line.modifiers)
  return (
    <Panel as="over" title={dish?.name ?? line.menuItem} onClose={onClose}>
      <div className="form">
        {dish && dish.allergens.length > 0 && <p className="muted">Contains {dish.allergens.join(', ')}</p>}
        <ModifierGroups
          groups={groups}
          chosen={line.modifiers}
          onChange={(modifiers) => change({ modifiers })}
        />
        <div className="row">
          <Stepper label="Quantity" value={line.quantity} onChange={(quantity) => change({ quantity })} />
          {seats > 0 && <SeatChoice line={line} seats={seats} change={change} />}
          <CourseChoice menu={menu} line={line} change={change} />
          <label className="check">
            <input
              type="checkbox"
              checked={line.hold}
              onChange={(event) => change({ hold: event.target.checked })}
            />
            Hold until fired
          </label>
        </div>
        <label>
          Note for the kitchen
          <input
            maxLength={300}
            value={line.note}
            onChange={(event) => change({ note: event.target.value })}
          />
        </label>
        <Allergies line={line} change={change} />
        <div className="row form-end">
          {onRemove && (
            <button type="button" className="button danger" onClick={onRemove}>
              Remove
            </button>
          )}
          <span className="grow needed">{short && `Choose ${short.min} of “${short.name}”`}</span>
          <button
            type="button"
            className="button primary"
            disabled={short !== undefined}
            onClick={() => onSave(line)}
          >
            {onRemove ? 'Save' : 'Add'}
          </button>
        </div>
      </div>
    </Panel>
  )
}
