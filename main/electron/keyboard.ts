/** @file Keeps a board from being closed, reloaded or zoomed by accident. Uses electron by type only. */
import type { BrowserWindow } from 'electron'
import { isDangerousKey } from './keys.ts'

/** Keeps dangerous keys from a board, and in kiosk mode everybody from closing it while Plate is `running`. */
export function guardBoard(window: BrowserWindow, kiosk: boolean, running: () => boolean): void {
  const contents = window.webContents
  contents.on('before-input-event', (event, input) => {
    if (isDangerousKey(input, kiosk)) event.preventDefault()
  })
  // On a Mac the menu is everybody's: its shortcuts would act before the page.
  contents.setIgnoreMenuShortcuts(true)
  window.on('close', (event) => {
    if (kiosk && running()) event.preventDefault()
  })
  void contents.setVisualZoomLevelLimits(1, 1)
}
