/** @file The words of everything a hub without Electron says to people: on the terminal, on its own pages. Reads this machine's zone. */
import { createWords } from '../../shared/words/index.ts'

export const words = createWords({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
