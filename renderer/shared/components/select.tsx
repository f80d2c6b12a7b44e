/** @file A choice from a list, with its label beside it (around it, the label would read out every option). Draws only. */
import { useId } from 'react'

interface SelectProps<V extends string> {
  label: string
  value: V
  options: readonly (readonly [value: V, text: string])[]
  onChange: (value: V) => void
}

export function Select<V extends string>({ label, value, options, onChange }: SelectProps<V>) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as V)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
