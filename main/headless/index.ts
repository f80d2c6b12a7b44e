/** @file Composition root of `plate-hub`: reads command line and environment, does what they ask for. */
import { HELP, readArguments, type Wanted } from './arguments.ts'
import { complain } from './complain.ts'
import { withEnvFiles } from './environment.ts'
import { pair } from './pair.ts'
import { defaultDataDir } from './places.ts'
import { runHub } from './run.ts'
import type { Environment } from './values.ts'

/** Training evenings get a folder of their own unless told otherwise: they must not end up in a restaurant's reports. */
function dataDirOf(given: string | undefined, demo = false): string {
  return given ?? defaultDataDir(process.platform, process.env) + (demo ? '-demo' : '')
}

const argv = process.argv.slice(2)

function read(env: Environment): Exclude<Wanted, { run: 'complain' }> {
  const wanted = readArguments(argv, env)
  return wanted.run === 'complain' ? complain(`${wanted.message}\nTry --help.`) : wanted
}

function environment(dataDir?: string): Environment {
  try {
    return withEnvFiles(process.env, process.cwd(), dataDir)
  } catch (error) {
    return complain((error as Error).message)
  }
}

// Where the data is comes first: the rest of the environment may be in a file there.
const { PLATE_DATA, PLATE_DEMO } = environment()
const wanted = read({ PLATE_DATA, PLATE_DEMO })
if (wanted.run === 'help') process.stdout.write(HELP)
else if (wanted.run === 'pair') process.exitCode = await pair(dataDirOf(wanted.pair.data), wanted.pair)
else {
  const dataDir = dataDirOf(wanted.hub.data, wanted.hub.demo !== undefined)
  const whole = read(environment(dataDir))
  if (whole.run === 'hub') await runHub(whole.hub, dataDir)
}
