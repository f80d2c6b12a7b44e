/** @file Makes a restaurant once, however often it is tried: until a PC is in it, the next try takes what the last one made. */
import type { CloudAnswer } from '../ports.ts'
import { done } from './failures.ts'
import type { SignedIn } from './people.ts'

export interface Foundings {
  /** The restaurant of this name, for whoever signed in; `called`: what they want to be called there. */
  make(who: SignedIn, name: string, called: string): Promise<CloudAnswer<{ id: string }>>
  /** This restaurant has a PC, or cannot be had any more: the next of its name is another one. */
  over(restaurant: string): void
}

/** A try that led to no connection. */
interface Try {
  /** Null: whether it was made is not known, as the answer was lost. */
  id: string | null
  /** What the person had before. */
  before: ReadonlySet<string>
}

/** Remembers tries until Plate is closed, also over another sign-in of the same person. */
export function createFoundings(): Foundings {
  const tries = new Map<string, Try>()

  /** What a try whose answer was lost has made, if it has. */
  async function found(who: SignedIn, name: string, { before }: Try): Promise<CloudAnswer<string | null>> {
    const there = await who.person.restaurants()
    if (!there.ok) return there
    const one = there.value.find(
      (each) => each.empty && each.role === 'admin' && each.name === name.trim() && !before.has(each.id),
    )
    return done(one?.id ?? null)
  }

  return {
    async make(who, name, called) {
      const key = JSON.stringify([who.project.url, who.email.trim().toLowerCase(), name.trim()])
      const last = tries.get(key)
      const known = last && last.id === null ? await found(who, name, last) : done(last?.id ?? null)
      if (!known.ok) return known
      const before = last?.before ?? who.restaurants
      if (known.value !== null) {
        tries.set(key, { id: known.value, before })
        return done({ id: known.value })
      }
      tries.set(key, { id: null, before })
      const made = await who.person.createRestaurant(name, called)
      if (made.ok) tries.set(key, { id: made.value.id, before })
      else if (made.error.code !== 'away' && made.error.code !== 'busy') tries.delete(key)
      return made
    },
    over(restaurant) {
      for (const [key, { id }] of tries) if (id === restaurant) tries.delete(key)
    },
  }
}
