/** @file The frame of one step of connecting: where one is, the question, its refusal, and the ways on and back. Draws only. */
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'

interface StepProps {
  /** Names of all steps, and which of them this is. */
  steps: readonly string[]
  at: number
  title: string
  error: Failure | null
  busy: boolean
  /** On the button that goes on, and while it is under way. */
  next: string
  nextBusy: string
  ready: boolean
  onNext: (form: HTMLFormElement) => void
  onBack: () => void
  children: ReactNode
}

function Progress({ steps, at }: { steps: readonly string[]; at: number }) {
  return (
    <ol className="progress" aria-label="Steps">
      {steps.map((name, index) => (
        <li key={name} className={index < at ? 'done' : ''} aria-current={index === at ? 'step' : undefined}>
          <span className="progress-mark" aria-hidden="true">
            {index < at ? '✓' : index + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  )
}

/** The first empty field of a new step, so that a keyboard goes straight on. */
function useFocus() {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const fields = [...(form.current?.querySelectorAll('input') ?? [])]
    const field = fields.find(({ type, value, checked }) => (type === 'radio' ? checked : value === ''))
    const heading = form.current?.querySelector('h2')
    const target = field ?? fields[0] ?? heading
    target?.focus()
  }, [])
  return form
}

export function Step(props: StepProps) {
  const { steps, at, title, error, busy, next, nextBusy, ready, onNext, onBack, children } = props
  const id = useId()
  const form = useFocus()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (ready && !busy) onNext(event.currentTarget)
  }
  return (
    <form ref={form} className="card stack step" aria-labelledby={id} aria-busy={busy} onSubmit={submit}>
      <Progress steps={steps} at={at} />
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      {children}
      <FailureText error={error} />
      <div className="row step-end">
        <button type="button" className="button" disabled={busy} onClick={onBack}>
          Back
        </button>
        <span className="grow" />
        <button type="submit" className="button primary" disabled={busy || !ready}>
          {busy ? nextBusy : next}
        </button>
      </div>
    </form>
  )
}
