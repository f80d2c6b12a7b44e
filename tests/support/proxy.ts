/** @file A TCP proxy for tests: a network cable that can be pulled and plugged in again, on real sockets. */
import { createConnection, createServer, type Socket } from 'node:net'

export interface Cable {
  port: number
  /** Ends every connection and refuses new ones. */
  pull(): void
  /** Keeps connections open but lets nothing through: a half-open network. */
  freeze(): void
  plug(): void
  close(): Promise<void>
}

/** Starts a proxy to a port of this machine. */
export async function cableTo(target: number): Promise<Cable> {
  const sockets = new Set<Socket>()
  let state: 'plugged' | 'pulled' | 'frozen' = 'plugged'
  const server = createServer((near) => {
    if (state === 'pulled') {
      near.destroy()
      return
    }
    const far = createConnection(target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('data', (chunk) => {
        if (state === 'plugged') other.write(chunk)
      })
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    pull() {
      state = 'pulled'
      cutAll()
    },
    freeze() {
      state = 'frozen'
    },
    plug() {
      // What was swallowed while frozen is gone: those connections are dead, as after a real outage.
      if (state === 'frozen') cutAll()
      state = 'plugged'
    },
    close() {
      cutAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
