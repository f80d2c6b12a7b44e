/** @file What each key of a bump bar means, per printed legend. Data; pure but for reading the address and local storage. */

/** What a key asks the board to do. `select` takes the place (1 = first ticket of the page). */
export type BoardAction =
  | 'bump'
  | 'bumpItem'
  | 'recall'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'nextPage'
  | 'previousPage'
  | 'home'
  | 'summary'
  | { select: number }

export type Legend = Readonly<Record<string, BoardAction>>

const digits = (from: number, to: number, shift = 0): Record<string, BoardAction> =>
  Object.fromEntries(
    Array.from({ length: to - from + 1 }, (_, index) => [
      `Digit${from + index}`,
      { select: from + index + shift },
    ]),
  )

/** Every keyboard has these, whatever is printed on the bar. */
const COMMON: Legend = {
  PageUp: 'previousPage',
  PageDown: 'nextPage',
  Home: 'home',
  ArrowUp: 'up',
}

/** The same codes come from every bar; only the print differs. Zero stands for the tenth ticket. */
export const LEGENDS = {
  B: {
    ...COMMON,
    ControlLeft: 'bump',
    NumpadSubtract: 'recall',
    ArrowDown: 'summary',
    ArrowLeft: 'nextPage',
    ArrowRight: 'up',
    Space: 'down',
    // Printed "1" to "10" on keys 0 to 9: one off against all other legends.
    ...digits(0, 9, 1),
    Enter: 'home',
  },
  C: {
    ...COMMON,
    ControlLeft: 'bumpItem',
    NumpadSubtract: 'left',
    ArrowDown: 'right',
    ArrowLeft: 'up',
    ArrowRight: 'down',
    Space: 'bump',
    ...digits(1, 9),
    Digit0: { select: 10 },
    Enter: 'recall',
  },
  D: {
    ...COMMON,
    ControlLeft: 'bump',
    NumpadSubtract: 'recall',
    ArrowDown: 'down',
    ArrowLeft: 'nextPage',
    ArrowRight: 'home',
    Space: 'summary',
    ...digits(1, 9),
    Digit0: { select: 10 },
    Enter: 'bumpItem',
  },
  E: {
    ...COMMON,
    ControlLeft: 'summary',
    NumpadSubtract: 'nextPage',
    ArrowRight: 'recall',
    ArrowDown: 'down',
    Space: 'bump',
    ...digits(1, 8),
    Digit0: 'home',
    Digit9: 'left',
    Enter: 'right',
  },
  G: {
    ...COMMON,
    ControlLeft: 'bumpItem',
    NumpadSubtract: 'recall',
    ArrowDown: 'summary',
    ArrowLeft: 'nextPage',
    ArrowRight: 'down',
    Space: 'home',
    ...digits(1, 9),
    Digit0: { select: 10 },
    Enter: 'bump',
  },
  clean: {
    ...COMMON,
    ControlLeft: 'bump',
    NumpadSubtract: 'recall',
    ArrowDown: 'summary',
    ArrowLeft: 'nextPage',
    ArrowRight: 'up',
    Space: 'down',
    ...digits(1, 9),
    Enter: 'home',
    KeyA: 'home',
  },
} as const satisfies Record<string, Legend>

export type LegendName = keyof typeof LEGENDS

const STORED = 'plate.legend'

/** The legend from `?legend=`, which is remembered; else the remembered one; else D. */
export function legendOf(search: string, storage: Storage = localStorage): LegendName {
  const asked = new URLSearchParams(search).get('legend')
  const isLegend = (name: string | null): name is LegendName => name !== null && Object.hasOwn(LEGENDS, name)
  if (isLegend(asked)) storage.setItem(STORED, asked)
  const name = asked ?? storage.getItem(STORED)
  return isLegend(name) ? name : 'D'
}
