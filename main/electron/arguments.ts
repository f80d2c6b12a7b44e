/** @file What the command line asks for. Pure: argv in, choices out. */
import { PAGES, type Page } from '../../shared/domain/roles.ts'

/** The same as the hub without Electron, so that tablets find a kitchen PC where they look for one. */
const TLS_PORT = 4681

/** Roles a window can have; each is a page of its own. */
export const WINDOW_ROLES = PAGES
export type WindowRole = Page

/** A window somebody wants: a role, and for kitchen windows a station (null: the first one). */
export interface WindowChoice {
  role: WindowRole
  station: string | null
}

export interface Arguments {
  windows: WindowChoice[]
  /** Folder for everything Plate keeps; another folder is another Plate. */
  data: string | undefined
  /** Kitchen and expo windows take the whole screen and cannot be left by keyboard. */
  kiosk: boolean
  /** How many times faster than real the training evening runs; undefined: no training. */
  demo: number | undefined
  devtools: boolean
  /** Where other devices connect when this Plate is shared on the network. */
  tlsPort: number
  /** Asks the running Plate to end; for scripts, and the way out of kiosk mode. */
  quit: boolean
  /** What could not be understood; logged, never fatal: a kitchen must start. */
  problems: string[]
}

/**
 * Reads the command line. Values are best written with `=`: on Windows Electron takes a lone `kitchen:grill` for a web
 * address and refuses to start when anything follows it.
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const problems: string[] = []
  const windows: WindowChoice[] = []
  for (const value of valuesOf(argv, 'window')) {
    const choice = windowChoice(value)
    if (choice) windows.push(choice)
    else problems.push(`--window=${value}: use ${WINDOW_ROLES.join(', ')} or kitchen:<station>`)
  }
  return {
    windows,
    data: valuesOf(argv, 'data').at(-1),
    kiosk: argv.includes('--kiosk'),
    demo: argv.includes('--demo')
      ? 1
      : numberOf(argv, 'demo', { least: 0.1, most: 1000, otherwise: undefined }, problems),
    devtools: argv.includes('--devtools'),
    tlsPort: numberOf(argv, 'tls-port', { least: 0, most: 65_535, otherwise: TLS_PORT }, problems),
    quit: argv.includes('--quit'),
    problems,
  }
}

/** `kitchen`, `kitchen:grill`, `expo`, `console` or `manager`. */
export function windowChoice(text: string): WindowChoice | undefined {
  const [name = '', ...rest] = text.split(':')
  const role = WINDOW_ROLES.find((each) => each === name)
  const station = rest.join(':')
  if (!role || station.length > 64 || (station && role !== 'kitchen')) return undefined
  return { role, station: station || null }
}

interface Bounds<Otherwise> {
  least: number
  most: number
  otherwise: Otherwise
}

/** The number of `--name=N`; `otherwise` when there is none or it makes no sense. */
function numberOf<Otherwise>(
  argv: readonly string[],
  name: string,
  { least, most, otherwise }: Bounds<Otherwise>,
  problems: string[],
): number | Otherwise {
  const text = argv.findLast((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
  if (text === undefined) return otherwise
  const value = Number(text)
  if (text && value >= least && value <= most) return value
  problems.push(`--${name}=${text}: give a number from ${least} to ${most}`)
  return otherwise
}

/** All values of an option, as `--name=value` or `--name value`. */
function valuesOf(argv: readonly string[], name: string): string[] {
  return argv.flatMap((argument, at) => {
    if (argument.startsWith(`--${name}=`)) return [argument.slice(name.length + 3)]
    const next = argv[at + 1]
    return argument === `--${name}` && next !== undefined && !next.startsWith('-') ? [next] : []
  })
}
