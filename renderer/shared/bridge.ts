/** @file The bridge a Plate window finds in `window.plate`; absent in a browser. Types and one lookup, touches nothing else. */

/** A connection as the preload hands it over: plain functions, so that it survives the context bridge. */
export interface BridgePort {
  send(frame: string): void
  onMessage(receive: (frame: string) => void): void
  onClose(closed: () => void): void
  close(): void
}

export interface Bridge {
  connect(): BridgePort | Promise<BridgePort>
}

/** The bridge of this window, or undefined in a browser. */
export function bridge(): Bridge | undefined {
  return (globalThis as { plate?: Bridge }).plate
}
