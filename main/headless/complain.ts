/** @file What the hub says on the terminal when something is wrong. Writes to standard error, may end this process. */
import type { Message } from '../../shared/domain/messages/message.ts'
import { saysOf } from '../core/says.ts'
import { words } from './words.ts'

/** Exit code for what the person at the terminal can put right: a wrong option, a taken port, a locked store. */
const EXIT_USAGE = 2

function print(line: string): void {
  process.stderr.write(`plate-hub: ${line}\n`)
}

/** One line for the person at the terminal. */
export function tell(says: Message): void {
  print(words.say(says))
}

/** Ends this process with a line for the person at the terminal. */
export function complain(line: string): never {
  print(line)
  process.exit(EXIT_USAGE)
}

/** Ends this process with what an error has to say. */
export function giveUp(error: unknown): never {
  return complain(words.say(saysOf(error)))
}
