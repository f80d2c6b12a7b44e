/** @file Connecting this PC to a restaurant, step by step; what was typed stays until it is done or left. Reads the client. */
import { useState } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import { useDocument } from '../../shared/hooks.ts'
import { EnterStep } from './enter-step.tsx'
import { ProjectStep } from './project-step.tsx'
import { RestaurantStep } from './restaurant-step.tsx'
import { TakeStep } from './take-step.tsx'
import type { Draft, FormerState, Joined, StepContext, StepName } from './types.ts'

const NO_DRAFT: Draft = {
  url: '',
  key: '',
  way: 'signIn',
  email: '',
  code: '',
  signedIn: null,
  choice: null,
  create: '',
  take: null,
  aside: 0,
}

/** The names of the steps, by way in. */
const STEPS = {
  signIn: ['Project', 'Sign in', 'Restaurant', 'Orders and menu'],
  code: ['Project', 'Device code', 'Orders and menu'],
} as const

interface WizardProps extends FormerState {
  onJoined: (joined: Joined) => void
  onLeave: () => void
}

export function Wizard({ former, again, onJoined, onLeave }: WizardProps) {
  const { name } = useDocument('settings').body
  const [draft, setDraft] = useState<Draft>({ ...NO_DRAFT, create: name })
  const [{ step, notice }, setAt] = useState<{ step: StepName; notice: Failure | null }>({
    step: 'project',
    notice: null,
  })
  const context: StepContext = {
    draft,
    notice,
    steps: STEPS[draft.way],
    change: (part) => setDraft((now) => ({ ...now, ...part })),
    go: (next, why) => setAt({ step: next, notice: why ?? null }),
    leave: onLeave,
  }
  switch (step) {
    case 'project':
      return <ProjectStep {...context} />
    case 'enter':
      return <EnterStep {...context} />
    case 'restaurant':
      return <RestaurantStep {...context} />
    case 'take':
      return <TakeStep {...context} former={former} again={again} onJoined={onJoined} />
  }
}
