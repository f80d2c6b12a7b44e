/** @file A Port pair in memory, and the main process's own view of the restaurant through it. Timers of Node. */
import { randomUUID } from 'node:crypto'
import { createClient } from '../../shared/client/client.ts'
import type { Port } from '../../shared/contract/port.ts'
import type { Stations } from '../../shared/domain/documents.ts'
import type { Core } from '../core/api.ts'

export type Station = Stations['stations'][number]

/** Two ends of one connection. Frames arrive in a later turn, as over any other transport. */
export function portPair(): [Port, Port] {
  const [a, b] = [end(), end()]
  a.other = b
  b.other = a
  return [a.port, b.port]
}

interface End {
  port: Port
  other: End | undefined
  arrive(frame: string): void
  closed(): void
}

function end(): End {
  const waiting: string[] = []
  let receiver: ((frame: string) => void) | undefined
  let tell: (() => void) | undefined
  let open = true
  const self: End = {
    other: undefined,
    arrive: (frame) => (receiver ? receiver(frame) : waiting.push(frame)),
    closed: () => {
      if (!open) return
      open = false
      tell?.()
    },
    port: {
      send: (frame) => {
        if (open) queueMicrotask(() => self.other?.arrive(frame))
      },
      onMessage: (receive) => {
        receiver = receive
        for (const frame of waiting.splice(0)) receive(frame)
      },
      onClose: (callback) => {
        tell = callback
      },
      close: () => {
        queueMicrotask(() => self.other?.closed())
        self.closed()
      },
    },
  }
  return self
}

/** Follows the stations of the restaurant, for menus and for windows that ask for "the first station". */
export function followStations(
  core: Core,
  version: string,
  changed: (stations: Station[]) => void,
): () => void {
  const client = createClient({
    app: version,
    kind: 'console',
    station: null,
    connect: async () => {
      const [mine, its] = portPair()
      core.serve(its, { id: 'menu', name: 'Menu', kind: 'local', station: null })
      return mine
    },
    host: {
      now: Date.now,
      random: Math.random,
      id: randomUUID,
      after: (ms, task) => {
        const timer = setTimeout(task, ms)
        return () => clearTimeout(timer)
      },
    },
  })
  const documents = client.subscribe('documents', {})
  documents.onChange(() => {
    const value = documents.entries.get('stations')
    if (value?.name === 'stations') changed(value.body.stations)
  })
  return () => client.close()
}
