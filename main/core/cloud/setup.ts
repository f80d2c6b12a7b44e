/** @file Setting up: connects this core to a restaurant of the cloud, and takes it out again. */
import type { CloudSignedIn } from '../../../shared/contract/contract.ts'
import { failure as refusal } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
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
import { createFoundings } from './founding.ts'
import type { Homes } from './home.ts'
import type { Links } from './link.ts'
import { createPeople } from './people.ts'
import { createReconnect, type Joined, keepLink } from './reconnect.ts'

export type Take = 'upload' | 'download'

/** What becomes of this core's own orders where it goes on in no restaurant it was in. */
export interface Choice {
  /** Null: they go up when there are any or the restaurant is empty, else the restaurant's come here. */
  take: Take | null
  /** So many changes that its last restaurant never got may be set aside; nobody was asked when it is absent. */
  aside?: number | undefined
}

export interface Setup {
  check(project: CloudProject): Promise<CloudAnswer<{ skewMs: number }>>
  signIn(project: CloudProject, email: string, password: string): Promise<CloudAnswer<CloudSignedIn>>
  join(
    signIn: string,
    restaurant: { id: string } | { create: string; person?: string },
    choice: Choice,
  ): Promise<CloudAnswer<Joined>>
  /** In the restaurant this core was in last, or whose access has ended, everything goes on where it was. */
  claim(project: CloudProject, code: string, choice: Choice): Promise<CloudAnswer<Joined>>
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
  homes: Homes
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

/** Events at the beginning of the log among which there is one of an order, if there are orders. */
const BEGINNING = 200
/** The answer goes out before Plate starts again (ms). */
const RESTART_MS = 500

const SIGN_IN_AGAIN = failure('wrongLogin', say('cloud.signInOver'))
const NO_RESTART = failure('refused', say('cloud.noRestart'))
const EMPTY = failure('refused', say('cloud.newIsEmpty'))

/** Creates the setup of this core. */
export function createSetup(options: SetupOptions): Setup {
  const { cloud, links, homes, engine, store, host, log, restart } = options
  const people = createPeople(host, options.secrets, log)
  const foundings = createFoundings()
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

  function connected(): { ok: false; error: CloudFailure } | null {
    const link = links.get()
    return link && failure('refused', say('cloud.connectedAlready', { restaurant: link.name }))
  }

  /** Why this core's orders cannot make room for those of a restaurant it was not in. */
  async function obstacle({ take, aside = 0 }: Choice): Promise<{ ok: false; error: CloudFailure } | null> {
    if (take === 'upload') return null
    if (take === 'download' && !restart) return NO_RESTART
    const unsent = await homes.unsent()
    if (unsent <= aside) return null
    const restaurant = homes.get()?.name ?? ''
    return failure('refused', say('cloud.atStake', { count: unsent, restaurant }))
  }

  function ask(project: CloudProject, code: string, wanted: ClaimWish): Promise<CloudAnswer<CloudLink>> {
    const { core, name, version } = options
    return cloud.claim(project, code, { core, name, letter: engine.letter(), version }, wanted)
  }

  /** A code does not say where it leads. Tried for the restaurant this core was in last, it stays good for another. */
  async function claimAgain(project: CloudProject, code: string): Promise<CloudAnswer<Joined> | null> {
    const home = homes.get()
    if (!home) return null
    const claimed = await ask(project, code, { restaurant: home.restaurant })
    if (claimed.ok) return adopt(claimed.value, 'upload')
    return claimed.error.code === 'notAllowed' ? null : claimed
  }

  async function claim(project: CloudProject, code: string, take: Take | null): Promise<CloudAnswer<Joined>> {
    const claimed = await ask(project, code, { filled: take === 'download' })
    if (!claimed.ok) return claimed
    const link = claimed.value
    return adopt(link, take ?? (await choose(link)))
  }

  /** The choice was left to us. Orders of this core never make room unasked: they go up, and join those that are there. */
  async function choose(link: CloudLink): Promise<Take> {
    if (!restart || (await hasOrders())) return 'upload'
    const connection = cloud.connect(link)
    const { core, version } = options
    const state = await connection.report({ core, version, cursor: 0, outbox: 0, parked: 0 })
    await connection.close()
    return state.ok && state.value.head === 0 ? 'upload' : 'download'
  }

  /** Before its first orders a core's log has the documents it began with. */
  async function hasOrders(): Promise<boolean> {
    if (options.state.orders.size > 0) return true
    return (await store.eventsAfter(0, BEGINNING)).some(({ event }) => event.order !== null)
  }

  async function adopt(link: CloudLink, take: Take): Promise<CloudAnswer<Joined>> {
    const fresh = take === 'download'
    const kept = await keepLink(options, { ...link, fresh, current: false, locked: null })
    if (!kept.ok) {
      await cloud.forget()
      return kept
    }
    const { restaurant, name, device, letter } = link
    log.info('CLOUD_JOINED', { restaurant, device, letter, take: homes.has(restaurant) ? 'again' : take })
    if (fresh) {
      // What is placed from now on would be moved away with the old orders.
      engine.lock(refusal('stopping', { why: 'again' }))
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
      const ids = new Set(restaurants.value.map(({ id }) => id))
      const token = people.add({ person: signed.value, project, email, restaurants: ids })
      return done({ signIn: token, restaurants: restaurants.value })
    },
    join: (token, wanted, choice) =>
      alone(async () => {
        const known = people.find(token)
        if (!known) return SIGN_IN_AGAIN
        const goesOn = 'id' in wanted && homes.has(wanted.id)
        const take = goesOn ? 'upload' : choice.take
        const reason = connected() ?? (await obstacle({ ...choice, take }))
        if (reason) return reason
        if ('create' in wanted && take === 'download') return EMPTY
        const restaurant =
          'id' in wanted ? done(wanted) : await foundings.make(known, wanted.create, wanted.person ?? '')
        if (!restaurant.ok) return restaurant
        const { id } = restaurant.value
        const code = await known.person.deviceCode(id, options.name)
        const joined = code.ok ? await claim(known.project, code.value.code, take) : code
        if (joined.ok || (!code.ok && code.error.code === 'notAllowed')) foundings.over(id)
        return joined
      }),
    claim: (project, code, choice) =>
      alone(async () => {
        const old = links.get()
        if (old && options.signedOut()) return again.claim(old, project, code)
        const early = connected() ?? (choice.take === 'upload' ? null : await claimAgain(project, code))
        return early ?? (await obstacle(choice)) ?? claim(project, code, choice.take)
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
        const restaurant = (links.get() ?? (homes.get()?.connected ? homes.get() : null))?.restaurant
        if (!restaurant) return done(null)
        try {
          await links.set(null)
        } catch (error) {
          return failure('refused', say('cloud.linkNotForgotten', { text: String(error) }))
        }
        await homes.leave()
        await options.end()
        engine.lock(null)
        await cloud.forget()
        log.info('CLOUD_LEFT', { restaurant })
        return done(null)
      }),
    async close() {
      stopRestart?.()
      await people.close()
    },
  }
}
