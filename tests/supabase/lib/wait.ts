/** @file How these tests wait: for a change of a stream; for what only asking tells; and for a duration that is itself the fault. Timers. */
import type { Stream } from '../../../shared/client/stream.ts'
import type { StreamName } from '../../../shared/contract/contract.ts'
import { watchdog } from '../../support/progress.ts'

/** Resolves as soon as `test` holds, looked at with every change of `stream`. Rejects, naming `what`, when it has long been silent. */
export function until<S extends StreamName>(
  what: string,
  stream: Pick<Stream<S>, 'onChange'>,
  test: () => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (done: () => void) => {
      dog.end()
      stop()
      done()
    }
    const look = () => {
      dog.moved()
      if (test()) end(resolve)
    }
    const dog = watchdog((ms) => end(() => reject(new Error(`Waited for ${what}: silent for ${ms} ms`))))
    const stop = stream.onChange(look)
    look()
  })
}

/** A duration that is the fault or the load itself (a cable out for 2 s, orders at a pace), not a guess at when something is done. */
export const lasting = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
