/** @file Connecting this PC to a restaurant, step by step; what was typed stays until it is done or left. Reads the memory. */
import { EnterStep } from './enter-step.tsx'
import { ProjectStep } from './project-step.tsx'
import { RestaurantStep } from './restaurant-step.tsx'
import { type Connecting, useConnecting } from './setup-memory.ts'
import { TakeStep } from './take-step.tsx'
import type { FormerState, Joined, StepContext } from './types.ts'

/** The names of the steps, by way in. */
const STEPS = {
  signIn: ['Project', 'Sign in', 'Restaurant', 'Orders and menu'],
  code: ['Project', 'Device code', 'Orders and menu'],
} as const

interface WizardProps extends FormerState {
  now: Connecting
  onJoined: (joined: Joined) => void
}

export function Wizard({ now: { draft, step, notice }, former, again, onJoined }: WizardProps) {
  const [, set] = useConnecting()
  const context: StepContext = {
    draft,
    notice,
    steps: STEPS[draft.way],
    change: (part) => set((now) => now && { ...now, draft: { ...now.draft, ...part } }),
    go: (next, why) => set((now) => now && { ...now, step: next, notice: why ?? null }),
    leave: () => set(null),
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
