/** @file One of several answers to a step's question, with what it means under it. Draws only. */
import type { ReactNode } from 'react'

interface OptionProps {
  name: string
  checked: boolean
  onChoose: () => void
  title: string
  /** Why it cannot be chosen. */
  barred?: string | null
  children?: ReactNode
}

export function Option({ name, checked, onChoose, title, barred = null, children }: OptionProps) {
  return (
    <label className={barred ? 'option barred' : 'option'}>
      <input type="radio" name={name} checked={checked} disabled={barred !== null} onChange={onChoose} />
      <span>
        <b>{title}</b>
        <span className="option-text">{barred ?? children}</span>
      </span>
    </label>
  )
}
