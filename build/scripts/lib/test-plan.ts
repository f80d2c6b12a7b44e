/** @file Which tests a command line asks for. Pure. */

/** Projects of vitest that need servers and programs of the system. */
const SYSTEM = 'system*'

export interface TestPlan {
  /** Arguments for vitest; null when it is left out. */
  vitest: string[] | null
  browser: boolean
  /** `offer`: run when there is a display, else say how. `need`: get one, or fail. */
  electron: 'no' | 'offer' | 'need'
  coverage: boolean
  long: boolean
}

const OWN = new Set(['--long', '--coverage', '--system', '--electron', '--all'])

/**
 * Reads the words after `npm test --`. Words that are not ours narrow the vitest run (a file, `-t NAME`); nothing else runs then.
 * `ci`: coverage by itself, and the windows are a must when `PLATE_REQUIRE_ELECTRON` says so.
 */
export function planOf(args: readonly string[], env: NodeJS.ProcessEnv): TestPlan {
  const has = (option: string) => args.includes(option)
  const narrowed = args.filter((arg) => !OWN.has(arg))
  const long = has('--long')
  const coverage = !narrowed.length && (has('--coverage') || env.CI === 'true')
  const only = { browser: false, electron: 'no', coverage: false, long } as const
  if (has('--electron')) return { ...only, vitest: null, electron: 'need' }
  if (has('--system')) return { ...only, vitest: [`--project=${SYSTEM}`, ...narrowed] }
  if (narrowed.length) return { ...only, vitest: [`--project=!${SYSTEM}`, ...narrowed] }
  const need = has('--all') || env.PLATE_REQUIRE_ELECTRON === '1'
  const vitest = has('--all') ? [] : [`--project=!${SYSTEM}`]
  return { vitest, browser: true, electron: need ? 'need' : 'offer', coverage, long }
}
