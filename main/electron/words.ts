/** @file The words of what Plate says outside its windows: in dialogs, on trouble pages, on the hub's own pages. Reads this machine's zone. */
import { createWords } from '../../shared/words/index.ts'

export const words = createWords({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
