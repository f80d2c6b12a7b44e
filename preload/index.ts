/** @file The one bridge: `ipcRenderer` as a Port, nothing else. Runs sandboxed in every window; may require electron only. */
import { contextBridge, ipcRenderer } from 'electron'
import type { Port } from '../shared/contract/port.ts'
import type { PlateBridge } from './bridge.ts'

const CHANNEL = 'plate:frame'

interface Connection {
  receive(frame: string): void
  ended(): void
}

/** The connection of this page, by the name it was opened under: frames of an earlier one may still be under way. */
const connections = new Map<string, Connection>()

ipcRenderer.on(CHANNEL, (_event, id: string, frame: string | null) => {
  const connection = connections.get(id)
  if (frame === null) connection?.ended()
  else connection?.receive(frame)
})

function connect(): Port {
  for (const earlier of [...connections.values()]) earlier.ended()
  const id = crypto.randomUUID()
  const early: string[] = []
  let receiver: ((frame: string) => void) | undefined
  let closed: (() => void) | undefined
  let open = true

  connections.set(id, {
    receive: (frame) => (receiver ? receiver(frame) : early.push(frame)),
    ended: () => {
      if (!connections.delete(id)) return
      open = false
      closed?.()
    },
  })
  // An empty frame opens, null closes: the main process must know of a connection before it says anything.
  ipcRenderer.send(CHANNEL, id, '')

  return {
    send: (frame) => {
      if (open) ipcRenderer.send(CHANNEL, id, frame)
    },
    onMessage: (receive) => {
      receiver = receive
      for (const frame of early.splice(0)) receive(frame)
    },
    onClose: (tell) => {
      closed = tell
      if (!open) tell()
    },
    close: () => {
      if (!open) return
      ipcRenderer.send(CHANNEL, id, null)
      connections.get(id)?.ended()
    },
  }
}

contextBridge.exposeInMainWorld('plate', { connect } satisfies PlateBridge)
