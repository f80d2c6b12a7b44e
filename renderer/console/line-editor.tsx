/** @file One line of a draft: how many, how, for whom, when. Draws only. */

import { useState } from 'react'
import type { LineInput } from '../../shared/domain/commands.ts'
import type { Menu } from '../../shared/domain/documents.ts'
import { Panel } from '../shared/components/panel.tsx'
import { Select } from '../shared/components/select.tsx'
import { courseOptions, groupsOf, missing } from './choices.ts'
import { Allergies, SeatChoice } from './guest-choices.tsx'
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
          {seats > 0 && <SeatChoice seat={line.seat} seats={seats} onChange={(seat) => change({ seat })} />}
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
        <Allergies allergies={line.allergies} onChange={(allergies) => change({ allergies })} />
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
