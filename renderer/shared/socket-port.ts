/** @file A WebSocket as a Port, for screens in a browser. Touches the network only. */
import type { Port } from '../../shared/contract/port.ts'

/** Opens a socket; rejects when it closes before it opened. */
export function openSocket(url: string, Socket: typeof WebSocket = WebSocket): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new Socket(url)
    const early: string[] = []
    let receive: ((frame: string) => void) | null = null
    let closed: (() => void) | null = null
    let ended = false

    // A dead network can keep a socket "closing" for many seconds, so the end is told at once and only once.
    const end = () => {
      if (ended) return
      ended = true
      closed?.()
      reject(new Error('The connection closed.'))
    }
    const port: Port = {
      send: (frame) => {
        if (!ended && socket.readyState === Socket.OPEN) socket.send(frame)
      },
      onMessage(next) {
        receive = next
        for (const frame of early.splice(0)) next(frame)
      },
      onClose(next) {
        closed = next
        if (ended) next()
      },
      close() {
        socket.close()
        end()
      },
    }
    socket.onopen = () => resolve(port)
    socket.onclose = end
    socket.onmessage = ({ data }) => {
      if (ended) return
      if (receive) receive(String(data))
      else early.push(String(data))
    }
  })
}
