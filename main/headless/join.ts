/** @file Connects the hub to the restaurant its environment names. Talks to the core, and to people through `say`. */
import type { Core } from '../core/api.ts'
import type { CloudFailure } from '../core/ports.ts'
import type { CloudWish } from './supabase.ts'

export interface JoinParts {
  core: Pick<Core, 'cloud' | 'alarms'>
  /** Writes one line for the person at the terminal. */
  say(line: string): void
  /** Resolves after `ms`; at once when the hub stops. */
  wait(ms: number): Promise<void>
  stopped(): boolean
}

const ALARM = 'cloud:join'
/** ms. A box often starts before its network does; later a minute is soon enough. */
const FIRST_MS = 2_000
const MOST_MS = 60_000

/** What the variables have to do with it. */
const REMEDY: Partial<Record<CloudFailure['code'], string>> = {
  wrongKey: 'Look at PLATE_SUPABASE_URL and PLATE_SUPABASE_KEY.',
  wrongCode: 'Put a new code into PLATE_DEVICE_CODE.',
}

/**
 * Claims the restaurant, unless this hub has one. While the cloud is away it tries again; what only a person can put
 * right is said here and on every screen, and the hub works on by itself.
 */
export async function joinCloud(wish: CloudWish, { core, say, wait, stopped }: JoinParts): Promise<void> {
  const { cloud, alarms } = core
  if (!cloud) return
  const link = cloud.link()
  if (link) {
    if (wish.code)
      say(`This hub belongs to ${link.name} (${link.url}) already; PLATE_DEVICE_CODE is not needed.`)
    return
  }
  const trouble = (message: string) => {
    say(message)
    alarms.raise(ALARM, 'warning', message)
  }
  const { project, code, take } = wish
  if (!code) {
    trouble(
      'This hub belongs to no restaurant yet: put a manager’s device code into PLATE_DEVICE_CODE and start it again.',
    )
    return
  }
  for (let pause = FIRST_MS; !stopped(); pause = Math.min(pause * 2, MOST_MS)) {
    const answer = await cloud.claim(project, code, take)
    if (answer.ok) {
      alarms.clear(ALARM)
      const { name, restarts } = answer.value
      say(`Connected to ${name}.${restarts ? ' Starting again with the orders of that restaurant.' : ''}`)
      return
    }
    const { error } = answer
    if (error.code !== 'away' && error.code !== 'busy') {
      trouble([error.message, REMEDY[error.code]].filter(Boolean).join(' '))
      return
    }
    if (pause === FIRST_MS) trouble(`Not connected yet, this hub tries again by itself. ${error.message}`)
    await wait(Math.max(pause, error.retryAfterMs ?? 0))
  }
}
