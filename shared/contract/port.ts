/** @file Port: the only thing the contract needs from a transport. Pure. */

/**
 * One screen's connection to a core, whatever carries it (Electron IPC, WebSocket, memory). Messages arrive in order or the
 * port closes. Frames are JSON text: encoded once in the core and passed on unchanged to every screen that gets the same.
 */
export interface Port {
  /** Sends one frame. After close it does nothing. */
  send(frame: string): void
  /** Sets the receiver of frames. Frames that came before are kept for it. */
  onMessage(receive: (frame: string) => void): void
  /** Sets what happens, once, when the connection ends. */
  onClose(closed: () => void): void
  close(): void
}
