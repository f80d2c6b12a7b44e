/** @file What the hub's command line and environment ask for. Pure: text in, choices or a complaint out. */
import { parseArgs } from 'node:util'
import { SCREEN_KINDS, type ScreenKind } from '../../shared/domain/roles.ts'
import { type CloudWish, readCloudWish } from './supabase.ts'
import { type Environment, list, number, onOff } from './values.ts'

export interface HubArguments {
  data: string | undefined
  port: number
  tlsPort: number
  /** Open to the network; undefined: as last time. */
  lan: boolean | undefined
  hostNames: string[]
  /** Opens this machine's browser. */
  open: boolean
  /** How many times faster than real the training evening runs; undefined: no demo. */
  demo: number | undefined
  /** Shown to people; undefined: the machine's host name. */
  name: string | undefined
  allowedOrigins: string[]
  trustedProxies: string[]
  metricsToken: string | undefined
  maxConnections: number
  logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** The restaurant in Supabase to belong to; null: as it was, or none. */
  cloud: CloudWish | null
}

export interface PairArguments {
  data: string | undefined
  kind: ScreenKind
  station: string | undefined
  name: string | undefined
}

export type Wanted =
  | { run: 'help' }
  | { run: 'hub'; hub: HubArguments }
  | { run: 'pair'; pair: PairArguments }
  | { run: 'complain'; message: string }

export const HELP = `plate-hub: the kitchen display system without a window of its own; screens are browsers

  plate-hub [options]                     runs the hub until Ctrl+C
  plate-hub pair [--kind K] [--station S] [--name N] [--data DIR]
                                          makes a pairing code at the running hub
                                          K: ${SCREEN_KINDS.join(', ')}

  --data DIR        where orders and settings are kept             PLATE_DATA
  --port N          plain http on this computer only (4680)        PLATE_PORT
  --tls-port N      https for the local network (4681)             PLATE_TLS_PORT
  --lan, --no-lan   open to the local network or not; remembered   PLATE_LAN=1|0
  --host-name NAME  one more name this hub is reached by           PLATE_HOST_NAMES=a,b
  --name NAME       what people call this hub                      PLATE_NAME
  --open            opens the browser                              PLATE_OPEN=1
  --demo[=SPEED]    plays training evenings, in a data folder      PLATE_DEMO=SPEED
                    of their own (…-demo) unless --data is given
  --help

  Belonging to a restaurant in Supabase:
  PLATE_SUPABASE_URL, PLATE_SUPABASE_KEY
                    the project's address and its publishable key
  PLATE_DEVICE_CODE a code that a manager made for this hub (Manager, Cloud); used once, within 15 minutes
  PLATE_SUPABASE_TAKE
                    download: the restaurant's orders take the place of this hub's; upload: this hub's go up;
                    without it: upload when this hub has orders or the restaurant is empty, else download

  All of these may stand in a file named .env in the data folder or the working directory as well;
  what is set in the environment itself counts first.

  Only in the environment: ALLOWED_ORIGINS, TRUSTED_PROXIES (comma lists), METRICS_TOKEN,
  MAX_CONCURRENT_CONNECTIONS (2000), PLATE_LOG_LEVEL (info).
`

const HUB_OPTIONS = {
  data: { type: 'string' },
  port: { type: 'string' },
  'tls-port': { type: 'string' },
  lan: { type: 'boolean' },
  'host-name': { type: 'string', multiple: true },
  open: { type: 'boolean' },
  demo: { type: 'string' },
  name: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const PAIR_OPTIONS = {
  data: { type: 'string' },
  kind: { type: 'string' },
  station: { type: 'string' },
  name: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

function readHub(args: string[], env: Environment): Wanted {
  // An option with an optional value is beyond parseArgs.
  const plain = args.map((arg) => (arg === '--demo' ? '--demo=1' : arg))
  const { values } = parseArgs({ args: plain, options: HUB_OPTIONS, allowNegative: true })
  if (values.help) return { run: 'help' }
  const demo = values.demo ?? env.PLATE_DEMO
  const port = { least: 0, most: 65_535 }
  const hub: HubArguments = {
    data: values.data ?? env.PLATE_DATA,
    port: number('--port', values.port ?? env.PLATE_PORT, 4680, port),
    tlsPort: number('--tls-port', values['tls-port'] ?? env.PLATE_TLS_PORT, 4681, port),
    lan: values.lan ?? onOff('PLATE_LAN', env.PLATE_LAN),
    hostNames: values['host-name'] ?? list(env.PLATE_HOST_NAMES),
    open: values.open ?? onOff('PLATE_OPEN', env.PLATE_OPEN) ?? false,
    demo: demo ? number('--demo', demo, 1, { least: 0.1, most: 1000, whole: false }) : undefined,
    name: values.name ?? env.PLATE_NAME,
    allowedOrigins: list(env.ALLOWED_ORIGINS),
    trustedProxies: list(env.TRUSTED_PROXIES),
    metricsToken: env.METRICS_TOKEN || undefined,
    maxConnections: number('MAX_CONCURRENT_CONNECTIONS', env.MAX_CONCURRENT_CONNECTIONS, 2000, {
      least: 1,
      most: 100_000,
    }),
    logLevel: LEVELS.find((level) => level === env.PLATE_LOG_LEVEL) ?? 'info',
    cloud: readCloudWish(env),
  }
  return { run: 'hub', hub }
}

function readPair(args: string[], env: Environment): Wanted {
  const { values } = parseArgs({ args, options: PAIR_OPTIONS })
  if (values.help) return { run: 'help' }
  const kind = SCREEN_KINDS.find((each) => each === (values.kind ?? 'kitchen'))
  if (!kind)
    return { run: 'complain', message: `--kind ${values.kind}: use one of ${SCREEN_KINDS.join(', ')}` }
  const { data = env.PLATE_DATA, station, name } = values
  return { run: 'pair', pair: { data, kind, station, name } }
}

/** Reads the command line (without the program) and the environment; what the command line says counts first. */
export function readArguments(argv: readonly string[], env: Environment): Wanted {
  try {
    const [first, ...rest] = argv
    return first === 'pair' ? readPair(rest, env) : readHub([...argv], env)
  } catch (error) {
    return { run: 'complain', message: (error as Error).message }
  }
}
