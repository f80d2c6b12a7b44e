/** @file Frames of windows as Ports: who may speak, and one connection per page load. Knows Electron by type only. */
import { Buffer } from 'node:buffer'
import type { WebContents } from 'electron'
import type { Port } from '../../shared/contract/port.ts'
import { MAX_FRAME_BYTES } from '../../shared/contract/wire.ts'
import type { Log, Metrics } from '../core/ports.ts'
import { isPageOf } from './urls.ts'
import type { WindowRecord } from './window-file.ts'

/** The one channel. Messages are (connection, frame): '' opens the connection, null ends it. */
export const CHANNEL = 'plate:frame'

/** What is needed of an IPC event, so that tests can make one. */
export interface FrameEvent {
  sender: Pick<WebContents, 'id' | 'mainFrame' | 'send' | 'isDestroyed'>
  senderFrame: { url: string } | null
}

export interface ConnectionOptions {
  /** The window these contents belong to, if it is one of ours. */
  recordOf(contents: { id: number }): WindowRecord | undefined
  /** Hands a new connection to the core. */
  serve(port: Port, record: WindowRecord): void
  log: Log
  metrics: Metrics
}

interface Connection {
  id: string
  port: Port
  /** Takes one frame in. */
  receive(frame: string): void
  /** Ends it on this side; `tell` says whether the page still hears it. */
  end(tell: boolean): void
}

/** Why a sender may not speak, or undefined. The only place where this is decided. */
export function refusal(event: FrameEvent, record: WindowRecord | undefined): string | undefined {
  if (!record) return 'not a window of ours'
  if (!event.senderFrame) return 'its frame is gone'
  if (event.senderFrame !== event.sender.mainFrame) return 'not the main frame'
  if (!isPageOf(record.role, event.senderFrame.url)) return `not the page of a ${record.role} window`
  return undefined
}

/** All connections of windows, at most one per window. */
export class Connections {
  readonly #live = new Map<number, Connection>()
  readonly #options: ConnectionOptions

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Takes a message from the channel. What is not exactly right is dropped, logged and counted. */
  message(event: FrameEvent, id: unknown, frame: unknown): void {
    const record = this.#options.recordOf(event.sender)
    const why = refusal(event, record) ?? badShape(id, frame)
    if (why || !record) this.#refuse(event, why ?? 'unknown')
    else this.#accepted(event, record, id as string, frame as string | null)
  }

  /** Ends the connection of a window, e.g. because its page crashed. */
  end(contents: { id: number }): void {
    this.#live.get(contents.id)?.end(false)
  }

  /** The connection a window has now; a finished navigation ends exactly the one from before it. */
  current(contents: { id: number }): string | undefined {
    return this.#live.get(contents.id)?.id
  }

  /** Ends all connections; the pages connect again and get everything anew. */
  endAll(): void {
    for (const connection of [...this.#live.values()]) connection.end(true)
  }

  #accepted(event: FrameEvent, record: WindowRecord, id: string, frame: string | null): void {
    const { sender } = event
    const current = this.#live.get(sender.id)
    if (frame === '') this.#open(sender, record, id)
    // Frames of a connection that has ended may still be under way: nobody waits for them.
    else if (current?.id !== id) return
    else if (frame === null) current.end(false)
    else if (tooLarge(frame)) {
      this.#refuse(event, 'frame too large')
      current.end(true)
    } else current.receive(frame)
  }

  #open(contents: FrameEvent['sender'], record: WindowRecord, id: string): void {
    // The page that had it is gone, or gave it up.
    this.end(contents)
    const connection = ipcPort(contents, id, () => this.#live.delete(contents.id))
    this.#live.set(contents.id, connection)
    this.#options.serve(connection.port, record)
  }

  #refuse(event: FrameEvent, why: string): void {
    this.#options.metrics.count('plate_ipc_refused_total', 1)
    this.#options.log.warn('ipc.refused', { why, contents: event.sender.id, url: event.senderFrame?.url })
  }
}

function badShape(id: unknown, frame: unknown): string | undefined {
  if (typeof id !== 'string' || id.length > 64) return 'bad connection id'
  return typeof frame === 'string' || frame === null ? undefined : 'frame is not text'
}

/** Cheap first: most frames are far below the limit even if every character took three bytes. */
function tooLarge(frame: string): boolean {
  return frame.length * 3 > MAX_FRAME_BYTES && Buffer.byteLength(frame) > MAX_FRAME_BYTES
}

/** One connection over a window's contents. */
function ipcPort(contents: FrameEvent['sender'], id: string, ended: () => void): Connection {
  const early: string[] = []
  let receiver: ((frame: string) => void) | undefined
  let closed: (() => void) | undefined
  let open = true
  const tell = (frame: string | null) => {
    if (!contents.isDestroyed()) contents.send(CHANNEL, id, frame)
  }
  const end = (telling: boolean) => {
    if (!open) return
    open = false
    ended()
    if (telling) tell(null)
    closed?.()
  }
  const port: Port = {
    send: (frame) => {
      if (open) tell(frame)
    },
    onMessage: (receive) => {
      receiver = receive
      for (const frame of early.splice(0)) receive(frame)
    },
    onClose: (callback) => {
      closed = callback
      if (!open) callback()
    },
    close: () => end(true),
  }
  return { id, port, end, receive: (frame) => (receiver ? receiver(frame) : early.push(frame)) }
}
