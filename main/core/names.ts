/** @file What Plate PCs are called in sentences: as in the cloud or on the LAN, else by the letter of their tickets or a short id. */
import type { State } from '../../shared/domain/apply.ts'
import { stampDevice } from '../../shared/domain/stamp.ts'

/** A PC as the cloud lists it. */
export interface KnownPc {
  core: string
  name: string
  letter: string
}

export interface Names {
  /** What the PC with this core id is called. */
  of(core: string): string
  /** There is a PC with this core id: its name may soon be wanted. */
  meet(core: string): void
  /** This is the cloud's list, the one everybody has: it counts more than other names. */
  learn(pcs: readonly KnownPc[]): void
  /** Whether the cloud's list should be asked for: it never was, or there is a PC that it did not have. */
  lacking(): boolean
}

export interface NamesOptions {
  self: { core: string; name: string }
  /** The name of a core that is joined on the LAN. */
  lan(core: string): string | undefined
  state: State
}

const shortId = (core: string) => core.slice(0, 8)

/** The letter that the tickets of this core carry, as far as orders in memory show it. */
function letterOf({ orders }: State, core: string): string {
  for (const { opened } of orders.values()) {
    if (opened && stampDevice(opened.stamp) === core) return /^[A-Z]*/.exec(opened.number)?.[0] ?? ''
  }
  return ''
}

/** Creates the names; those of the cloud are to be learnt. */
export function createNames({ self, lan, state }: NamesOptions): Names {
  let known = new Map<string, KnownPc>()
  let asked = false
  /** Not in the cloud's list when it was last read, or not looked for yet. */
  const unknown = new Map<string, 'new' | 'looked for'>()

  /** Two PCs may have been given one name. */
  function distinct({ core, name, letter }: KnownPc): string {
    const twin = [...known.values()].some((other) => other.name === name && other.core !== core)
    return twin ? `${name} ${letter || shortId(core)}` : name
  }

  function meet(core: string): void {
    if (!known.has(core) && !unknown.has(core)) unknown.set(core, 'new')
  }

  return {
    meet,
    of(core) {
      meet(core)
      const pc = known.get(core)
      if (pc) return distinct(pc)
      if (core === self.core) return self.name
      return lan(core) ?? `PC ${letterOf(state, core) || shortId(core)}`
    },
    learn(pcs) {
      known = new Map(pcs.map((pc) => [pc.core, pc]))
      asked = true
      for (const core of unknown.keys()) unknown.set(core, 'looked for')
    },
    lacking: () => !asked || [...unknown.values()].includes('new'),
  }
}
