/** @file What a thrown error has to say to people. Pure. */
import { say } from '../../shared/domain/messages/index.ts'
import type { Message } from '../../shared/domain/messages/message.ts'

/** As people get to read it at the end of a line. */
const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The message that an error carries, as those of the store and of the hub's ports do; `otherwise`: of one that carries none. */
export function saysOf(
  error: unknown,
  otherwise: Message = say('hub.fault', { detail: textOf(error) }),
): Message {
  const { says } = (error ?? {}) as { says?: Message }
  return typeof says?.code === 'string' ? says : otherwise
}
