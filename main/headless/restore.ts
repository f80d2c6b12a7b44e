/** @file `npm run restore -- FILE`: puts a backup in the place of the database. Works in the data folder, prints what it did. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { listBackups } from '../adapters/sqlite/backup.ts'
import { type Restored, restoreBackup } from '../adapters/sqlite/restore.ts'
import { saysOf } from '../core/says.ts'
import { defaultDataDir } from './places.ts'
import { words } from './words.ts'

const HELP = `npm run restore -- FILE [--data DIR] [--journal]

  FILE         a backup, or a database that was set aside; without it, the backups there are
  --data DIR   the data folder; needed only where there are several       PLATE_DATA
  --journal    also takes over what happened since the backup, from the journal

Close Plate and the hub first. The present database is set aside, never deleted.
`

/** Ends the program with a sentence: what is wrong can be put right by the reader. */
function stop(message: string): never {
  process.stderr.write(`restore: ${message}\n`)
  process.exit(2)
}

/** Where the app keeps its data on Linux; elsewhere it shares the hub's folder. */
function appDataDir(): string {
  if (process.platform !== 'linux') return defaultDataDir(process.platform, process.env)
  return path.join(process.env.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'Plate')
}

function dataDir(given: string | undefined): string {
  if (given) return path.resolve(given)
  const usual = [...new Set([defaultDataDir(process.platform, process.env), appDataDir()])]
  const used = usual.filter(
    (dir) => existsSync(path.join(dir, 'plate.db')) || existsSync(path.join(dir, 'backups')),
  )
  if (used.length === 1 && used[0]) return used[0]
  return stop(`say which data folder with --data. Looked at ${usual.join(' and ')}.`)
}

function report(dir: string, { aside, device, former, lines, missing }: Restored, journal: boolean): string {
  const text = [
    `Restored the database in ${dir}.`,
    ...(aside ? [`The one before is kept as ${aside}.`] : []),
    journal
      ? `${lines} later changes were taken over from the journal${missing ? `; ${missing} are missing` : ''}.`
      : 'Orders taken since that backup are not in it; restore it again with --journal to take them over.',
    `This Plate has a new identity: ${device} (before: ${former ?? 'none'}).`,
    '',
    'What to do next:',
    '  1. Start Plate and compare the open tickets with the kitchen.',
    '  2. Where other Plate PCs work with this one, pair them again.',
  ]
  return `${text.join('\n')}\n`
}

const options = {
  data: { type: 'string' },
  journal: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

function readArguments() {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    return stop(`${(error as Error).message}\n\n${HELP}`)
  }
}

const { values, positionals } = readArguments()
const [backup, ...more] = positionals
if (values.help) process.stdout.write(HELP)
else if (more.length) stop(`one backup at a time.\n\n${HELP}`)
else {
  const dir = dataDir(values.data ?? process.env.PLATE_DATA)
  if (!backup) {
    const there = listBackups(path.join(dir, 'backups')).map(({ file }) => `  ${file}`)
    process.stdout.write(`${HELP}\nBackups in ${dir}:\n${there.join('\n') || '  none'}\n`)
  } else {
    const file = path.join(dir, 'plate.db')
    const { journal } = values
    const restored = await restoreBackup({
      file,
      backup: path.resolve(backup),
      journal,
      now: Date.now(),
    }).catch((error: unknown) => stop(words.say(saysOf(error))))
    process.stdout.write(report(dir, restored, journal))
  }
}
