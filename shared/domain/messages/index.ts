/** @file All messages that are no failures of their own, by area; `say` makes one. Pure. */
import { alarms } from './alarms.ts'
import { audit } from './audit.ts'
import { cloud } from './cloud.ts'
import { conflicts } from './conflicts.ts'
import { hub } from './hub.ts'
import { issues } from './issues.ts'
import type { Message, ParamsOf } from './message.ts'
import { store } from './store.ts'

export const MESSAGES = { alarms, audit, cloud, conflicts, hub, issues, store } as const

type Areas = typeof MESSAGES
/** `area.code` of every message there is. */
export type MessageCode = {
  [A in keyof Areas]: `${A}.${keyof Areas[A] & string}`
}[keyof Areas]

type NamesOf<C extends MessageCode> = C extends `${infer A extends keyof Areas}.${infer K}`
  ? K extends keyof Areas[A]
    ? Areas[A][K] extends readonly (infer N extends string)[]
      ? N
      : never
    : never
  : never

/** A message of the closed list, with exactly the parameters that its code takes. */
export function say<C extends MessageCode>(
  code: C,
  ...[params]: [NamesOf<C>] extends [never] ? [] : [ParamsOf<NamesOf<C>>]
): Message & { readonly code: C } {
  return params === undefined ? { code } : { code, params }
}
