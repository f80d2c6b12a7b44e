/** @file A TCP proxy for tests: a network cable that can be pulled and plugged in again, on real sockets. */
import { createConnection, createServer, type Socket } from 'node:net'

export interface Cable {
  port: number
  /** Ends every connection and refuses new ones. */
  pull(): void
  /** Keeps connections open but lets nothing through: a half-open network. */
  freeze(): void
  plug(): void
  /** Lets so many bytes through in a second, each way, all connections together; 0: as many as come. */
  throttle(bytes: number): void
  close(): Promise<void>
}

/** Bytes that pass a slow line at once. */
const PACKET = 1_400

/** Starts a proxy to a port of this machine. */
export async function cableTo(target: number): Promise<Cable> {
  const sockets = new Set<Socket>()
  let rate = 0
  /** When each direction is free again, monotonic ms. */
  const free = { up: 0, down: 0 }
  /** Sockets to which something is on its way, and those of them whose other end has hung up after it. */
  const busy = new Set<Socket>()
  const ending = new Set<Socket>()
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
        if (state !== 'plugged') return
        if (rate === 0) other.write(chunk)
        else trickle(chunk, one, other, one === near ? 'up' : 'down')
      })
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        if (busy.has(other)) ending.add(other)
        else other.destroy()
      })
    }
  })
  /** Passes a chunk on packet by packet, each after its time on the line; what comes next waits. */
  function trickle(chunk: Buffer, from: Socket, to: Socket, way: 'up' | 'down'): void {
    from.pause()
    busy.add(to)
    const next = (at: number): void => {
      const packet = chunk.subarray(at, at + PACKET)
      if (packet.length === 0 || to.destroyed || state !== 'plugged') {
        busy.delete(to)
        if (ending.delete(to)) to.end()
        from.resume()
        return
      }
      const now = performance.now()
      free[way] = Math.max(free[way], now) + (rate === 0 ? 0 : (packet.length / rate) * 1_000)
      setTimeout(() => {
        to.write(packet)
        next(at + PACKET)
      }, free[way] - now)
    }
    next(0)
  }

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
    throttle(bytes) {
      rate = bytes
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
