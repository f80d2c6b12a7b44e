/** @file Test helper: a TCP proxy that counts sockets to Realtime, and can cut them. Listens on this computer. */
import { createConnection, createServer, type Socket } from 'node:net'

export interface Tap {
  url: string
  /** Sockets to Realtime that are open now, and the most there ever were at once. */
  open(): number
  most(): number
  /** Ends every connection; new ones are let through. */
  cut(): void
  close(): Promise<void>
}

/** Starts a tap before the backend at `target`. */
export async function tapOn(target: string): Promise<Tap> {
  const sockets = new Set<Socket>()
  const live = new Set<Socket>()
  let most = 0
  const server = createServer((near) => {
    const far = createConnection(Number(new URL(target).port), '127.0.0.1')
    near.once('data', (head) => {
      if (!head.toString('latin1').startsWith('GET /realtime/v1/websocket')) return
      live.add(near)
      most = Math.max(most, live.size)
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        live.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => live.size,
    most: () => most,
    cut,
    close() {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
