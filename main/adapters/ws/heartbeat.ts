/** @file Finds sockets whose other end is gone without a word, e.g. a tablet asleep. Pings and drops sockets. */
import type { WebSocket } from 'ws'

/** A silent socket is dropped after two unanswered pings and a bit: within three intervals. */
export const PING_EVERY_MS = 3_000
const MISSED_PINGS = 2

export interface Heartbeat {
  watch(socket: WebSocket): void
  stop(): void
}

/** One timer for all sockets. Any message or pong counts as a sign of life. */
export function createHeartbeat(everyMs: number): Heartbeat {
  const missed = new Map<WebSocket, number>()
  const beat = () => {
    for (const [socket, count] of missed) {
      if (count >= MISSED_PINGS) {
        socket.terminate()
        continue
      }
      missed.set(socket, count + 1)
      if (socket.readyState === socket.OPEN) socket.ping()
    }
  }
  const timer = setInterval(beat, everyMs)
  timer.unref()
  return {
    watch(socket) {
      const alive = () => {
        if (missed.has(socket)) missed.set(socket, 0)
      }
      missed.set(socket, 0)
      socket.on('pong', alive)
      socket.on('message', alive)
      socket.on('close', () => missed.delete(socket))
    },
    stop: () => clearInterval(timer),
  }
}
