/** @file The modifier groups of a dish as buttons, with what each group asks for. Draws only. */

import { money } from '../../shared/domain/money.ts'
import { Sign } from '../shared/components/sign.tsx'
import { useDocument } from '../shared/hooks.ts'
import { countIn, type Group, limitsOf, toggle } from './choices.ts'

interface GroupsProps {
  groups: readonly Group[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

function Options({ group, chosen, onChange }: Omit<GroupsProps, 'groups'> & { group: Group }) {
  const { currency, locale } = useDocument('settings').body
  const full = group.max > 1 && countIn(group, chosen) >= group.max
  return group.options.map(({ id, name, price }) => (
    <button
      key={id}
      type="button"
      className="button"
      aria-pressed={chosen.includes(id)}
      disabled={full && !chosen.includes(id)}
      onClick={() => onChange(toggle(group, chosen, id))}
    >
      {chosen.includes(id) && <Sign>✓</Sign>}
      {name}
      {price !== 0 && <span className="price">+{money(price, currency, locale)}</span>}
    </button>
  ))
}

export function ModifierGroups({ groups, ...rest }: GroupsProps) {
  return groups.map((group) => {
    const short = countIn(group, rest.chosen) < group.min
    return (
      <fieldset key={group.id} className="group">
        <legend>
          {group.name} <span className={short ? 'needed' : 'muted'}>{limitsOf(group)}</span>
        </legend>
        <div className="row">
          <Options group={group} {...rest} />
        </div>
      </fieldset>
    )
  })
}
