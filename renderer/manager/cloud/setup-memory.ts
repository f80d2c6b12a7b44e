/** @file How far connecting has come: kept while the manager looks at other pages, gone when they sign out. */
import { createContext, type Dispatch, type SetStateAction, use } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import type { Draft, StepName } from './types.ts'

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

export interface Connecting {
  draft: Draft
  step: StepName
  /** Why another step sent the person back to this one. */
  notice: Failure | null
}

/** The beginning. `create`: what a new restaurant would be called. */
export const begun = (create: string): Connecting => ({
  draft: { ...NO_DRAFT, create },
  step: 'project',
  notice: null,
})

type Memory = readonly [Connecting | null, Dispatch<SetStateAction<Connecting | null>>]

/** Provided above the manager's pages. */
export const SetupContext = createContext<Memory | null>(null)

/** What is under way; null when nothing is. */
export function useConnecting(): Memory {
  const memory = use(SetupContext)
  if (!memory) throw new Error('A page about the cloud stands in no SetupContext.')
  return memory
}
