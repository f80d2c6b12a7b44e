/** @file What the log's refusal of a single event means for people. Pure. */
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import type { Pushed, Taken } from '../../core/ports.ts'

/** As `append_events` tells it; `message` is the sentence that a project of version 0.1 adds. */
type Told = Taken | { id: string; refused: { code: string; message?: string | undefined } }

const UNREADABLE = say('cloud.unreadable')

const SAYS: Readonly<Record<string, Message>> = {
  invalid: UNREADABLE,
  tooLarge: say('cloud.tooLarge'),
  unknownKind: say('cloud.unknownKind'),
  idTaken: say('cloud.idTaken'),
  behind: say('cloud.behind'),
}

function saysOf({ code, message }: { code: string; message?: string | undefined }): Message {
  const known = Object.hasOwn(SAYS, code) ? SAYS[code] : undefined
  return known ?? (message ? say('cloud.saidBefore', { text: message }) : UNREADABLE)
}

/** What became of an event, with what to say where it was refused. */
export const pushedOf = (told: Told): Pushed =>
  'seq' in told ? told : { id: told.id, refused: { code: told.refused.code, says: saysOf(told.refused) } }
