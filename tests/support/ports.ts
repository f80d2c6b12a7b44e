/** @file Test helpers: a pair of connected in-memory Ports, quiet logs and metrics, and the machine's clock. */
import { performance } from 'node:perf_hooks'
import type { Clock, Log, Metrics } from '../../main/core/ports.ts'
import type { Port } from '../../shared/contract/port.ts'

interface End {
  port: Port
  deliver(frame: string): void
  closed(): void
}

function createEnd(send: (frame: string) => void, close: () => void): End {
  let receive: ((frame: string) => void) | null = null
  let onClosed: (() => void) | null = null
  let over = false
  const early: string[] = []
  const closed = () => {
    if (over) return
    over = true
    onClosed?.()
  }
  return {
    port: {
      send: (frame) => {
        if (!over) send(frame)
      },
      onMessage(listener) {
        receive = listener
        for (const frame of early.splice(0)) listener(frame)
      },
      onClose(listener) {
        onClosed = listener
        if (over) listener()
      },
      close() {
        close()
        closed()
      },
    },
    deliver(frame) {
      if (over) return
      if (receive) receive(frame)
      else early.push(frame)
    },
    closed,
  }
}

/** Two Ports joined back to back; frames arrive in a later microtask, like on a real transport. */
export function portPair(): [Port, Port] {
  const left: End = createEnd(
    (frame) => queueMicrotask(() => right.deliver(frame)),
    () => queueMicrotask(() => right.closed()),
  )
  const right: End = createEnd(
    (frame) => queueMicrotask(() => left.deliver(frame)),
    () => queueMicrotask(() => left.closed()),
  )
  return [left.port, right.port]
}

export const machineClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

const nothing = () => undefined
export const quietLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
export const noMetrics: Metrics = { count: nothing, gauge: nothing, observe: nothing }
