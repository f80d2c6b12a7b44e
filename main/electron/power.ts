/** @file Keeps kitchen displays awake, and everything fresh after the machine slept. Uses electron. */
import { powerMonitor, powerSaveBlocker } from 'electron'
import type { Log } from '../core/ports.ts'
import type { WindowRole } from './arguments.ts'
import { isBoard } from './titles.ts'

/** Keeps the display on while `roles` has a kitchen or expo window. Call again after every change. */
export class DisplayWake {
  #blocker: number | undefined

  update(roles: readonly WindowRole[]): void {
    const needed = roles.some(isBoard)
    if (needed && this.#blocker === undefined) {
      this.#blocker = powerSaveBlocker.start('prevent-display-sleep')
    } else if (!needed && this.#blocker !== undefined) {
      powerSaveBlocker.stop(this.#blocker)
      this.#blocker = undefined
    }
  }
}

/** Calls `refresh` when the machine wakes: timers stood still, and what screens show may be hours old. */
export function onWake(log: Log, refresh: () => void): void {
  powerMonitor.on('suspend', () => log.info('power.suspend'))
  powerMonitor.on('resume', () => {
    log.info('power.resume')
    refresh()
  })
}
