/** @file Which restaurants a signed-in person may connect a PC to. Pure. */
import type { CloudSignedIn } from '../../../shared/contract/contract.ts'
import type { Choice, Draft } from './types.ts'

type Known = CloudSignedIn['restaurants'][number]

/** Only these may let a PC in. */
const MAY_CONNECT: ReadonlySet<string> = new Set(['manager', 'admin'])

/** Why this restaurant cannot be chosen; null when it can. */
export function barredFor({ role }: Known): string | null {
  return MAY_CONNECT.has(role) ? null : `You are ${role} there. A manager has to connect this PC.`
}

/** What is meant when there is only one answer: the only restaurant, or a first one. Otherwise the person chooses. */
export function firstChoice({ restaurants }: CloudSignedIn, { create }: Draft): Choice | null {
  const [only, ...others] = restaurants.filter((each) => barredFor(each) === null)
  if (restaurants.length === 0) return { create: create.trim() }
  return only && others.length === 0 ? { id: only.id } : null
}
