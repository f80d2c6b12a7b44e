/** @file How Plate ends: asked when the kitchen still works, and never before the store is closed. Uses electron. */
import { app, type BrowserWindow, dialog } from 'electron'
import type { Core } from '../core/api.ts'
import type { Log } from '../core/ports.ts'
import { relaunchAtExit } from './relaunch.ts'

/** A disk that hangs must not keep a machine from shutting down. What was acknowledged is on it already. */
const STOP_MS = 10_000

export interface EndingOptions {
  core: Pick<Core, 'health'>
  log: Log
  /** Called once, before windows close. */
  ending(): void
  /** Stops the core, and after it everything that served it. */
  stop(): Promise<void>
}

/** The way out. `quit` and the last window ask first; signals and shutdowns do not wait for an answer. */
export class Ending {
  readonly #options: EndingOptions
  #stage: 'running' | 'stopping' | 'stopped' = 'running'
  #asking = false

  constructor(options: EndingOptions) {
    this.#options = options
    app.on('before-quit', (event) => {
      if (this.#stage === 'stopped') return
      event.preventDefault()
      if (this.#stage === 'running') void this.#stop()
    })
    app.on('window-all-closed', () => app.quit())
  }

  get running(): boolean {
    return this.#stage === 'running'
  }

  /** Quits, after asking when there are open tickets. */
  async quit(): Promise<void> {
    if (this.#asking || !this.running) return
    this.#asking = true
    try {
      if (await this.#mayEnd()) app.quit()
    } finally {
      this.#asking = false
    }
  }

  /** Ends in order and starts again, without a question: somebody has just decided it on a screen. */
  restart(): void {
    if (!this.running) return
    this.#options.log.info('app.restart')
    relaunchAtExit()
    app.quit()
  }

  /** Turns closing the last window into quitting, with its question. */
  guard(window: BrowserWindow, isLast: () => boolean): void {
    window.on('close', (event) => {
      if (!this.running || !isLast()) return
      event.preventDefault()
      void this.quit()
    })
  }

  async #mayEnd(): Promise<boolean> {
    const tickets = await this.#options.core.health().then(
      ({ openTickets }) => openTickets,
      () => 0,
    )
    if (tickets === 0) return true
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      title: 'Quit Plate?',
      message: tickets === 1 ? 'One ticket is still open.' : `${tickets} tickets are still open.`,
      detail: 'All kitchen screens of this Plate go dark until it is started again. Nothing is lost.',
      buttons: ['Keep running', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    })
    return response === 1
  }

  async #stop(): Promise<void> {
    const { log, ending, stop } = this.#options
    this.#stage = 'stopping'
    ending()
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, STOP_MS, 'late'))
    const done = stop().catch((error) => log.error('app.stop-failed', { error }))
    if ((await Promise.race([done, late])) === 'late') log.error('app.stop-late')
    log.info('app.stopped')
    this.#stage = 'stopped'
    app.quit()
  }
}
