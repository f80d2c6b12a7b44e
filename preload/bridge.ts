/** @file What a window finds as `window.plate`. Types only; the bridge itself is preload/index.ts. */
import type { Port } from '../shared/contract/port.ts'

/** The whole surface between a window's page and the main process. Absent in a browser, which uses a WebSocket instead. */
export interface PlateBridge {
  /**
   * Opens a connection to the core. A page has at most one: a new one ends the one before. The port ends, and says so,
   * when the core closes it or the machine woke up; then connect again.
   */
  connect(): Port
}
