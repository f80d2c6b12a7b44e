/** @file Setting up: connects this core to a restaurant of the cloud, and takes it out again. */
import type { CloudSignedIn } from '../../../shared/contract/contract.ts'
import type {
  ClaimWish,
  Cloud,
  CloudAnswer,
  CloudFailure,
  CloudLink,
  CloudProject,
  Secrets,
} from '../ports.ts'
import type { CloudBase } from './context.ts'
import { done, failure, NOW_BUSY } from './failures.ts'
import type { Links } from './link.ts'
import { createPeople } from './people.ts'
import { createReconnect, type Joined, keepLink } from './reconnect.ts'

export type Take = 'upload' | 'download'

export interface Setup {
  check(project: CloudProject): Promise<CloudAnswer<{ skewMs: number }>>
  signIn(project: CloudProject, email: string, password: string): Promise<CloudAnswer<CloudSignedIn>>
  join(
    signIn: string,
    restaurant: { id: string } | { create: string },
    take: Take,
  ): Promise<CloudAnswer<Joined>>
  /**
   * `take` null: the restaurant's orders take the place of this core's when it has any, else this core's go up. Of a
   * core whose access has ended, everything goes on where it was, whatever `take` says.
   */
  claim(project: CloudProject, code: string, take: Take | null): Promise<CloudAnswer<Joined>>
  code(
    signIn: string,
    restaurant: string,
    name: string,
  ): Promise<CloudAnswer<{ code: string; expiresAt: number }>>
  revoke(signIn: string, device: string): Promise<CloudAnswer<null>>
  readmit(signIn: string, device: string): Promise<CloudAnswer<null>>
  /** Goes on with the project's new key. */
  renewKey(key: string): Promise<CloudAnswer<null>>
  leave(): Promise<CloudAnswer<null>>
  close(): Promise<void>
}

export interface SetupOptions extends CloudBase {
  cloud: Cloud
  links: Links
  secrets: Secrets
  /** Shown to people as this device's name. */
  name: string
  restart: (() => void) | undefined
  /** Begins to exchange, now that there is a link. */
  begin(): Promise<void>
  /** Ends the exchange. */
  end(): Promise<void>
  /** Whether this device's access has ended, so that only a new code helps. */
  signedOut(): boolean
}

/** The answer goes out before Plate starts again (ms). */
const RESTART_MS = 500

const SIGN_IN_AGAIN = failure(
  'wrongLogin',
  'This sign-in is over: it lasts 15 minutes. Sign in at Supabase again.',
)
const NO_RESTART = failure(
  'refused',
  'This Plate cannot start itself again, which it must to take over the orders of the cloud. Choose to upload.',
)
const EMPTY = failure(
  'refused',
  'A new restaurant is empty: there is nothing to take over. Choose to send this PC’s orders and menu to the cloud.',
)

/** Creates the setup of this core. */
export function createSetup(options: SetupOptions): Setup {
  const { cloud, links, engine, store, host, log, restart } = options
  const people = createPeople(host, options.secrets, log)
  const again = createReconnect({ ...options, ask })
  let busy = false
  let stopRestart: (() => void) | null = null

  /** One change of the connection at a time. */
  async function alone<T>(task: () => Promise<CloudAnswer<T>>): Promise<CloudAnswer<T>> {
    if (busy) return NOW_BUSY
    busy = true
    try {
      return await task()
    } finally {
      busy = false
    }
  }

  /** Why this core cannot be connected now. */
  function obstacle(take: Take | null): { ok: false; error: CloudFailure } | null {
    const link = links.get()
    if (link) return failure('refused', `This PC is connected to "${link.name}" already. Leave it first.`)
    return take === 'download' && !restart ? NO_RESTART : null
  }

  function ask(project: CloudProject, code: string, wanted: ClaimWish): Promise<CloudAnswer<CloudLink>> {
    const { core, name, version } = options
    return cloud.claim(project, code, { core, name, letter: engine.letter(), version }, wanted)
  }

  async function claim(project: CloudProject, code: string, take: Take | null): Promise<CloudAnswer<Joined>> {
    const claimed = await ask(project, code, { filled: take === 'download' })
    if (!claimed.ok) return claimed
    const link = claimed.value
    return adopt(link, take ?? (await choose(link)))
  }

  /** Whoever left the choice to us has nothing here that counts, or nothing there. */
  async function choose(link: CloudLink): Promise<Take> {
    const connection = cloud.connect(link)
    const { core, version } = options
    const state = await connection.report({ core, version, cursor: 0, outbox: 0, parked: 0 })
    await connection.close()
    const filled = state.ok ? state.value.head > 0 : options.state.orders.size === 0
    return filled && restart ? 'download' : 'upload'
  }

  async function adopt(link: CloudLink, take: Take): Promise<CloudAnswer<Joined>> {
    const fresh = take === 'download'
    const kept = await keepLink(options, { ...link, fresh, current: false, locked: null })
    if (!kept.ok) {
      await cloud.forget()
      return kept
    }
    const { restaurant, name, device, letter } = link
    log.info('CLOUD_JOINED', { restaurant, device, letter, take })
    if (fresh) {
      // What is placed from now on would be moved away with the old orders.
      engine.lock({ code: 'stopping', message: 'Plate starts again to take over the restaurant.' })
      stopRestart = host.after(RESTART_MS, () => restart?.())
    } else {
      await store.setLetter(letter)
      engine.setLetter(letter)
      await options.begin()
    }
    return done({ restaurant, name, restarts: fresh })
  }

  return {
    async check(project) {
      const checked = await cloud.check(project)
      return checked.ok ? done({ skewMs: checked.value.skewMs }) : checked
    },
    async signIn(project, email, password) {
      const signed = await cloud.signIn(project, email, password)
      if (!signed.ok) return signed
      const restaurants = await signed.value.restaurants()
      if (!restaurants.ok) {
        await signed.value.end()
        return restaurants
      }
      return done({ signIn: people.add({ person: signed.value, project }), restaurants: restaurants.value })
    },
    join: (token, wanted, take) =>
      alone(async () => {
        const known = people.find(token)
        if (!known) return SIGN_IN_AGAIN
        const reason = obstacle(take)
        if (reason) return reason
        if ('create' in wanted && take === 'download') return EMPTY
        const restaurant = 'id' in wanted ? done(wanted) : await known.person.createRestaurant(wanted.create)
        if (!restaurant.ok) return restaurant
        const code = await known.person.deviceCode(restaurant.value.id, options.name)
        return code.ok ? claim(known.project, code.value.code, take) : code
      }),
    claim: (project, code, take) =>
      alone(async () => {
        const old = links.get()
        if (old && options.signedOut()) return again.claim(old, project, code)
        return obstacle(take) ?? claim(project, code, take)
      }),
    renewKey: (key) => alone(() => again.renewKey(key)),
    async code(token, restaurant, name) {
      const known = people.find(token)
      return known ? known.person.deviceCode(restaurant, name) : SIGN_IN_AGAIN
    },
    async revoke(token, device) {
      const known = people.find(token)
      return known ? known.person.revokeDevice(device) : SIGN_IN_AGAIN
    },
    async readmit(token, device) {
      const known = people.find(token)
      return known ? known.person.readmitDevice(device) : SIGN_IN_AGAIN
    },
    leave: () =>
      alone(async () => {
        const link = links.get()
        if (!link) return done(null)
        try {
          await links.set(null)
        } catch (error) {
          return failure('refused', `This PC cannot forget the connection: ${String(error)}`)
        }
        await options.end()
        engine.lock(null)
        await cloud.forget()
        log.info('CLOUD_LEFT', { restaurant: link.restaurant })
        return done(null)
      }),
    async close() {
      stopRestart?.()
      await people.close()
    },
  }
}
