/** @file The field for a device code, grouped while it is typed. Draws only. */
import { grouped } from './device-code.ts'

interface CodeFieldProps {
  code: string
  onCode: (code: string) => void
}

export function CodeField({ code, onCode }: CodeFieldProps) {
  return (
    <label>
      Device code
      <input
        className="code-field"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={20}
        placeholder="XXXXX-XXXXX"
        value={code}
        onChange={(event) => onCode(grouped(event.target.value))}
      />
    </label>
  )
}
