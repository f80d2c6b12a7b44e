/** @file For whom a line is: the seat, and what that guest is allergic to. Draws only. */
import { ALLERGENS, type Allergen } from '../../shared/domain/documents.ts'
import { Select } from '../shared/components/select.tsx'
import { Sign } from '../shared/components/sign.tsx'

/** Most seats to choose from. */
export const MOST_SEATS = 20

interface AllergiesProps {
  allergies: readonly Allergen[]
  onChange: (allergies: Allergen[]) => void
}

export function Allergies({ allergies, onChange }: AllergiesProps) {
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
              onClick={() => onChange(next)}
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

interface SeatProps {
  seat: number | null
  /** How many there are to choose from. */
  seats: number
  onChange: (seat: number | null) => void
}

export function SeatChoice({ seat, seats, onChange }: SeatProps) {
  const numbers = Array.from({ length: Math.max(seats, seat ?? 0) }, (_, index) => index + 1)
  return (
    <Select
      label="Seat"
      value={seat === null ? '' : String(seat)}
      options={[['', 'Whole table'], ...numbers.map((each) => [String(each), `Seat ${each}`] as const)]}
      onChange={(each) => onChange(each ? Number(each) : null)}
    />
  )
}
