/** @file How these tests wait: for a change of a stream; for what only asking tells; and for a duration that is itself the fault. Timers. */
import type { Stream } from '../../../shared/client/stream.ts'
import type { StreamName } from '../../../shared/contract/contract.ts'

const PATIENCE_MS = 60_000
const POLL_MS = 20

/** Resolves as soon as `test` holds, looked at with every change of `stream`. Rejects, naming `what`, after `ms`. */
export function until<S extends StreamName>(
  what: string,
  stream: Pick<Stream<S>, 'onChange'>,
  test: () => boolean,
  ms = PATIENCE_MS,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (done: () => void) => {
      clearTimeout(timer)
      stop()
      done()
    }
    const look = () => {
      if (test()) end(resolve)
    }
    const timer = setTimeout(() => end(() => reject(new Error(`Waited ${ms} ms for ${what}`))), ms)
    const stop = stream.onChange(look)
    look()
  })
}

/**
 * The same for what tells nobody of its changes: tables and files looked at from outside, the output of a process. Asks again
 * every 20 ms. Whatever a stream of the PC under test tells is waited for with {@link until}.
 */
export async function eventually(
  what: string,
  test: () => boolean | Promise<boolean>,
  ms = PATIENCE_MS,
): Promise<void> {
  const by = performance.now() + ms
  while (!(await test())) {
    if (performance.now() > by) throw new Error(`Waited ${ms} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** A duration that is the fault or the load itself (a cable out for 2 s, orders at a pace), not a guess at when something is done. */
export const lasting = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
