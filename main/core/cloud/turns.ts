/** @file Turns: tasks that must not overlap, one after the other in the order they came. Knows no content. */

/** Runs a task after all that came before it, and answers what it answers. */
export type Turns = <T>(task: () => Promise<T>) => Promise<T>

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const turn = last.then(task)
    last = turn.catch(() => undefined)
    return turn
  }
}
