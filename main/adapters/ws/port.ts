/** @file One WebSocket as a Port of the contract, with the limits that protect the core from it. Touches the socket only. */
import type { RawData, WebSocket } from 'ws'
import type { Port } from '../../../shared/contract/port.ts'
import type { ServerFrame } from '../../../shared/contract/wire.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import type { Allowance } from './allowance.ts'

export interface PortLimits {
  /** Bytes that may wait for a slow reader before it is cut off; it resumes when it comes back. */
  maxBufferedBytes: number
  /** Takes one message out of the sender's allowance; false: it sends too much. Absent: no limit. */
  allowance?: Allowance
}

/** Codes of the close frame, as browsers see them (RFC 6455 leaves 4000–4999 to applications). */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  wrongType: 1003,
  tryLater: 1013,
  refused: 4000,
} as const

/** The frame that tells a screen why it is about to be closed. */
export function byeFrame(failure: Failure): string {
  return JSON.stringify({ t: 'bye', e: failure } satisfies ServerFrame)
}

/** Wraps an open socket. Frames that come before `onMessage` are kept; the socket's errors end as a plain close. */
export function portOver(socket: WebSocket, encode: (frame: string) => Buffer, limits: PortLimits): Port {
  const early: string[] = []
  let receive: ((frame: string) => void) | undefined
  let closed: (() => void) | undefined
  let ended = false

  // The core must stop writing at once, even while the close handshake with a sleeping tablet still hangs.
  const end = () => {
    if (ended) return
    ended = true
    closed?.()
  }
  const close = (code: number, reason: string) => {
    socket.close(code, reason)
    end()
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (ended) return
    if (isBinary) return close(CLOSE.wrongType, 'frames are JSON text')
    if (limits.allowance && !limits.allowance()) {
      socket.send(byeFrame({ code: 'tooManyRequests', message: 'This screen sent too much at once.' }))
      return close(CLOSE.refused, 'tooManyRequests')
    }
    const frame = String(data)
    if (receive) receive(frame)
    else early.push(frame)
  })
  socket.on('close', end)
  // `close` follows every error; without a listener the error would end the process.
  socket.on('error', () => {})

  return {
    send(frame) {
      if (ended) return
      if (socket.bufferedAmount > limits.maxBufferedBytes) return close(CLOSE.tryLater, 'tooSlow')
      socket.send(encode(frame), { binary: false })
    },
    onMessage(next) {
      receive = next
      for (const frame of early.splice(0)) next(frame)
    },
    onClose(next) {
      closed = next
      if (ended) next()
    },
    close: () => close(CLOSE.normal, ''),
  }
}
