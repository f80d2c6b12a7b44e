/** @file Composition root of `plate-hub`: reads the command line, runs the hub until it is told to stop. */

import { tellParent, welcome } from './announce.ts'
import { HELP, type HubArguments, readArguments } from './arguments.ts'
import { openBrowser } from './browser.ts'
import { pair } from './pair.ts'
import { defaultDataDir, program } from './places.ts'
import { startHub } from './start.ts'

/** Exit code for what the person at the terminal can put right: a wrong option, a taken port, a locked store. */
const EXIT_USAGE = 2

function complain(message: string): never {
  process.stderr.write(`plate-hub: ${message}\n`)
  process.exit(EXIT_USAGE)
}

/** Training evenings get a folder of their own unless told otherwise: they must not end up in a restaurant's reports. */
function dataDirOf(given: string | undefined, demo = false): string {
  return given ?? defaultDataDir(process.platform, process.env) + (demo ? '-demo' : '')
}

async function runHub(wanted: HubArguments): Promise<void> {
  const running = await startHub(wanted, dataDirOf(wanted.data, wanted.demo !== undefined), program()).catch(
    (error: Error) => complain(error.message),
  )
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    // A second Ctrl+C means it: the store recovers from that.
    if (stopping) process.exit(1)
    stopping = true
    running.log.info('hub.stopping', { signal })
    running.stop().then(
      () => process.exit(0),
      (error: Error) => {
        running.log.error('hub.stopFailed', { error })
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)

  process.stdout.write(`${welcome(running)}\n`)
  tellParent(running, process.env.PLATE_READY_FD)
  const [first] = running.hub.links()
  if (wanted.open && first && !(await openBrowser(first.url.replace(/&to=.*$/, '&to=/'))))
    process.stdout.write('There is no browser to open here; use one of the addresses above.\n')
}

const wanted = readArguments(process.argv.slice(2), process.env)
if (wanted.run === 'help') process.stdout.write(HELP)
else if (wanted.run === 'complain') complain(`${wanted.message}\nTry --help.`)
else if (wanted.run === 'pair') process.exitCode = await pair(dataDirOf(wanted.pair.data), wanted.pair)
else await runHub(wanted.hub)
