/** @file Plate in Electron: the composition root. Builds everything, knows every part, decides nothing else. */
import os from 'node:os'
import path from 'node:path'
import { app, protocol } from 'electron'
import { createLog } from '../adapters/log/index.ts'
import { createMetrics } from '../adapters/metrics/index.ts'
import type { Clock } from '../core/ports.ts'
import { isAlone } from './alone.ts'
import { Plate } from './app.ts'
import { parseArguments } from './arguments.ts'
import { logFile } from './log-file.ts'
import { secure } from './security.ts'
import { troubleCommands } from './start-trouble.ts'
import { SCHEME } from './urls.ts'

const asked = parseArguments(process.argv.slice(1))

// Everything Plate keeps is in one folder, and the single-instance lock too: another folder is another Plate. Training
// evenings have their own, so that they never end up in a restaurant's reports.
if (asked.data) app.setPath('userData', path.resolve(asked.data))
else if (asked.demo !== undefined && !app.commandLine.hasSwitch('user-data-dir'))
  app.setPath('userData', `${app.getPath('userData')}-demo`)

// The command line travels as data: Chromium reorders and adds to the argv that the first instance sees.
if (isAlone(app, { argv: process.argv.slice(1) })) start()
else app.exit(0)

function start(): void {
  const clock: Clock = { now: Date.now, monotonic: () => performance.now() }
  const logs = path.join(app.getPath('userData'), 'logs')
  const log = createLog({ destination: logFile(logs, clock.now), level: asked.devtools ? 'debug' : 'info' })
  for (const problem of asked.problems) log.warn('arguments.ignored', { problem })
  log.info('app.start', {
    version: app.getVersion(),
    electron: process.versions.electron,
    host: os.hostname(),
  })

  const plate = new Plate({ asked, clock, log, logs, metrics: createMetrics({ process: true }) })
  app.enableSandbox()
  // A board must be heard after a restart at night, when nobody has touched its screen yet.
  app.commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required')
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
  secure({ pages: plate, commands: troubleCommands, devtools: asked.devtools, log })
  // Electron would show a dialog, and over a kitchen's board that is worse than the fault itself.
  process.on('uncaughtException', (error) => log.error('app.uncaught', { error }))
  process.on('unhandledRejection', (error) => log.error('app.unhandled', { error }))
  app.on('child-process-gone', (_event, details) => log.error('process.gone', { ...details }))
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const { argv } = data as { argv: string[] }
    log.info('app.second-instance', { argv })
    plate.second(parseArguments(argv))
  })
  // Not awaited: Electron becomes ready only after this module has run to its end.
  void app.whenReady().then(() => plate.start())
}
