/** @file A pass over all orders in slices: what must look at each of them holds nobody up, however many they are. */
import type { State } from '../../../shared/domain/apply.ts'
import type { Turns } from './turns.ts'

/** Goes over all orders once. */
export interface Pass {
  /** Starts from the first order, also when it is under way. */
  restart(): void
  readonly running: boolean
}

/** Order lines looked at in one turn: drawing one on a board takes about 15 µs. */
export const LINES_PER_TURN = 200

/**
 * Makes a pass; `look` gets the ids of a slice and `done` is called after the last. Orders that come meanwhile are met too;
 * what changes after its turn is the caller's to follow.
 */
export function createPass(
  state: State,
  turns: Turns,
  look: (ids: readonly string[]) => void,
  done: () => void = () => {},
): Pass {
  let orders: Iterator<string> | null = null
  let due = false

  function slice(from: Iterator<string>): readonly string[] {
    const ids: string[] = []
    for (let lines = 0; lines < LINES_PER_TURN; ) {
      const next = from.next()
      if (next.done) {
        orders = null
        break
      }
      ids.push(next.value)
      lines += 1 + Object.keys(state.orders.get(next.value)?.items ?? {}).length
    }
    return ids
  }

  function turn(): boolean {
    if (orders) look(slice(orders))
    due = orders !== null
    if (!due) done()
    return due
  }

  return {
    restart() {
      orders = state.orders.keys()
      if (due) return
      due = true
      turns.add(turn)
    },
    get running() {
      return due
    },
  }
}
