/** @file What Electron lets the pages of windows do. Pure. */
import type { WebPreferences } from 'electron'

/** Preferences of a window with a page of ours. */
export function webPreferences(preload: string, devtools: boolean): WebPreferences {
  return {
    preload,
    ...locked(devtools),
    // A covered kitchen board must still ring and turn its tickets red in time.
    backgroundThrottling: false,
  }
}

/** Preferences of all windows, those without a preload too. Electron's defaults, written down so that they stay. */
export function locked(devTools: boolean): WebPreferences {
  return {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools,
  }
}
