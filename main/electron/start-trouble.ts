/** @file The window for a Plate that cannot start. Uses electron. */
import { app, BrowserWindow } from 'electron'
import { locked } from './preferences.ts'
import { relaunchAtExit } from './relaunch.ts'
import { troublePage, troublePages } from './trouble.ts'
import { troublePath, troubleUrl } from './urls.ts'

const START = 'start'

/** What the buttons of trouble pages do instead of loading something. */
export const troubleCommands = new Map<string, () => void>([
  [
    troubleUrl('again'),
    () => {
      relaunchAtExit()
      app.quit()
    },
  ],
])

/** Says why Plate cannot start, in a window of its own. Closing it ends Plate. */
export function showStartTrouble(message: string, logs: string): void {
  troublePages.set(
    troublePath(START),
    troublePage({
      title: 'Plate cannot start',
      message,
      steps: [`Details are in ${logs}.`],
      button: { label: 'Try again', href: troubleUrl('again') },
    }),
  )
  const window = new BrowserWindow({
    width: 1000,
    height: 700,
    title: 'Plate',
    backgroundColor: '#14171a',
    webPreferences: locked(false),
  })
  window.removeMenu()
  window.loadURL(troubleUrl(START)).catch(() => app.quit())
  app.on('window-all-closed', () => app.quit())
}
