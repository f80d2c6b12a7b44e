/** @file Connects the hub to the restaurant its environment names. Talks to the core, and to people through `tell`. */
import { say } from '../../shared/domain/messages/index.ts'
import type { Message } from '../../shared/domain/messages/message.ts'
import type { Core } from '../core/api.ts'
import type { CloudFailure } from '../core/ports.ts'
import type { CloudWish } from './supabase.ts'

export interface JoinParts {
  core: Pick<Core, 'cloud' | 'alarms'>
  /** Writes one line for the person at the terminal. */
  tell(says: Message): void
  /** Resolves after `ms`; at once when the hub stops. */
  wait(ms: number): Promise<void>
  stopped(): boolean
}

const ALARM = 'cloud:join'
/** ms. A box often starts before its network does; later a minute is soon enough. */
const FIRST_MS = 2_000
const MOST_MS = 60_000

/** What the variables have to do with it. */
const REMEDY: Partial<Record<CloudFailure['code'], Message>> = {
  wrongKey: say('hub.lookAtProject'),
  wrongCode: say('hub.newCode'),
}

/**
 * Claims the restaurant, unless this hub has one. While the cloud is away it tries again; what only a person can put
 * right is said here and on every screen, and the hub works on by itself.
 */
export async function joinCloud(wish: CloudWish, { core, tell, wait, stopped }: JoinParts): Promise<void> {
  const { cloud, alarms } = core
  if (!cloud) return
  const link = cloud.link()
  if (link) {
    if (wish.code) tell(say('hub.hasRestaurant', { restaurant: link.name, address: link.url }))
    return
  }
  const trouble = (says: Message) => {
    tell(says)
    alarms.raise(ALARM, 'warning', says)
  }
  const { project, code, take } = wish
  if (!code) {
    trouble(say('hub.noRestaurant'))
    return
  }
  for (let pause = FIRST_MS; !stopped(); pause = Math.min(pause * 2, MOST_MS)) {
    const answer = await cloud.claim(project, code, take)
    if (answer.ok) {
      alarms.clear(ALARM)
      const { name: restaurant, restarts } = answer.value
      tell(say(restarts ? 'hub.connectedAgain' : 'hub.connected', { restaurant }))
      return
    }
    const { error } = answer
    if (error.code !== 'away' && error.code !== 'busy') {
      trouble(say('hub.notConnected', { message: error.says, remedy: REMEDY[error.code] ?? null }))
      return
    }
    if (pause === FIRST_MS) trouble(say('hub.notYetConnected', { message: error.says }))
    await wait(Math.max(pause, error.retryAfterMs ?? 0))
  }
}
