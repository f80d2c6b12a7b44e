/** @file English for tests: what people get to read of a failure or a message. */
import { createWords } from '../../shared/words/index.ts'

export const words = createWords({ zone: 'Europe/Dublin' })

/** A whole sentence that somebody wrote for it: no code without words, no parameter that is missing. */
export const SENTENCE = /^(?!.*(?:no words for|undefined|\{\{))[\p{Lu}\p{N}"“].*\w.*[.?!]$/u
