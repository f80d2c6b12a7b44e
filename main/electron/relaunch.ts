/** @file Starts Plate again once this one has ended. Uses electron. */
import { app } from 'electron'

/** Asks for the start, with the same command line; to be followed by quitting. Each call starts one more. */
export function relaunchAtExit(): void {
  // An AppImage is unpacked for as long as it runs: what runs now is gone by then, the file it came from is not.
  const { APPIMAGE } = process.env
  app.relaunch(APPIMAGE ? { execPath: APPIMAGE, args: process.argv.slice(1) } : {})
}
