/** @file Turns: long work done in slices, with a look at the event loop after each, so that no order waits for it. Pure. */

export interface Turns {
  /** Does `slice` again and again, taking turns with the others, until it returns false. A slice is a few ms of work. */
  add(slice: () => boolean): void
}

/** `next` runs a task once, after whatever the event loop has to do first. One slice is done in each, whoever waits. */
export function createTurns(next: (task: () => void) => void): Turns {
  const waiting: (() => boolean)[] = []
  let coming = false

  function plan(): void {
    if (coming || !waiting.length) return
    coming = true
    next(turn)
  }
  function turn(): void {
    coming = false
    const slice = waiting.shift()
    try {
      if (slice?.()) waiting.push(slice)
    } finally {
      plan()
    }
  }
  return {
    add(slice) {
      waiting.push(slice)
      plan()
    },
  }
}
