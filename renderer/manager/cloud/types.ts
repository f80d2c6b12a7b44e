/** @file What connecting a restaurant gathers, step by step. Types only. */
import type { CloudInfo, CloudSignedIn } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'

export type Take = 'upload' | 'download'
export type Choice = { id: string } | { create: string; person?: string }
export type Way = 'signIn' | 'code'
export type StepName = 'project' | 'enter' | 'restaurant' | 'take'

/** Everything that was typed or chosen; kept while one goes back and forth. Never a password. */
export interface Draft {
  url: string
  key: string
  way: Way
  email: string
  code: string
  signedIn: CloudSignedIn | null
  choice: Choice | null
  /** Name of a restaurant that is to be made. */
  create: string
  /** Who makes it, as other people there know them. */
  person?: string
  take: Take | null
  /** So many unsent changes may be set aside. */
  aside: number
}

export interface Joined {
  name: string
  restarts: boolean
}

/** The restaurant this PC was in last, and how to ask again what was never sent there. */
export interface FormerState {
  former: CloudInfo['former']
  again: () => Promise<void>
}

/** What every step gets. */
export interface StepContext {
  draft: Draft
  change(part: Partial<Draft>): void
  /** Names of all steps on this way. */
  steps: readonly string[]
  /** Why another step sent the person back here. */
  notice: Failure | null
  go(step: StepName, notice?: Failure): void
  leave(): void
}
