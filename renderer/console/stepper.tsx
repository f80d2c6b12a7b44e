/** @file A number with big buttons for less and more. Draws only. */

interface StepperProps {
  label: string
  value: number
  least?: number
  most?: number
  onChange: (value: number) => void
}

export function Stepper({ label, value, least = 1, most = 999, onChange }: StepperProps) {
  return (
    <fieldset className="stepper">
      <legend>{label}</legend>
      <button
        type="button"
        className="button"
        aria-label={`Less ${label.toLowerCase()}`}
        disabled={value <= least}
        onClick={() => onChange(value - 1)}
      >
        −
      </button>
      <output aria-label={label}>{value}</output>
      <button
        type="button"
        className="button"
        aria-label={`More ${label.toLowerCase()}`}
        disabled={value >= most}
        onClick={() => onChange(value + 1)}
      >
        +
      </button>
    </fieldset>
  )
}
