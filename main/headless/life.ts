/** @file The hub's life in one process: start, start again, end, never two of these at once. Knows no part of a hub. */

/** Something that runs until it is stopped. */
export interface Stoppable {
  stop(): Promise<void>
}

export interface Life {
  /** Rejects with the error of the start. */
  begin(): Promise<void>
  /** Stops what runs and starts the next one. Rejects when that does not start; does nothing while ending. */
  restart(): Promise<void>
  /** Ends it for good, after the start or stop that is under way. */
  end(): Promise<void>
}

/** `begun` is called with each one that has started, unless it is to end at once. */
export function createLife<T extends Stoppable>(start: () => Promise<T>, begun: (running: T) => void): Life {
  let running: T | null = null
  let ending = false
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const result = queue.then(task)
    queue = result.catch(() => {})
    return result
  }
  const begin = async () => {
    if (ending) return
    running = await start()
    if (!ending) begun(running)
  }
  const stop = async () => {
    const stopping = running
    running = null
    await stopping?.stop()
  }
  return {
    begin: () => inTurn(begin),
    restart: () =>
      inTurn(async () => {
        if (ending) return
        await stop()
        await begin()
      }),
    end() {
      ending = true
      return inTurn(stop)
    },
  }
}
