/** @file What the screens of a PC say of the cloud: waited for, and noted while something is wrong. Test kit; reads streams. */
import assert from 'node:assert/strict'
import type { Stream } from '../../../shared/client/stream.ts'
import type { CloudStatus } from '../../../shared/contract/contract.ts'
import { createWords } from '../../../shared/words/index.ts'
import { until } from './wait.ts'

/** A PC with a screen. */
export interface Shown {
  readonly status: Stream<'status'>
  cloud(): CloudStatus | undefined
}

/** What a status stream says of the cloud now. */
export function cloudOf(status: Stream<'status'>): CloudStatus | undefined {
  const entry = status.entries.get('cloud')
  return entry?.topic === 'cloud' ? entry.value : undefined
}

/** Resolves when each of these PCs has shown what `test` asks for. */
export async function shows(
  what: string,
  sites: readonly Shown[],
  test: (cloud: CloudStatus) => boolean,
): Promise<void> {
  const look = (site: Shown) => {
    const cloud = site.cloud()
    return cloud !== undefined && test(cloud)
  }
  await Promise.all(sites.map((site) => until(what, site.status, () => look(site))))
}

/** Resolves when they are live and have sent all they had. */
export const showLive = (sites: readonly Shown[]): Promise<void> =>
  shows('a PC to be live', sites, ({ state, outbox }) => state === 'live' && outbox === 0)

const english = createWords()

/** Resolves when an alarm says something like `words`. */
export const showAlarm = ({ status }: Pick<Shown, 'status'>, words: RegExp): Promise<void> =>
  until(`an alarm like ${words}`, status, () => {
    const alarms = status.entries.get('alarms')
    return alarms?.topic === 'alarms' && alarms.value.some(({ says }) => words.test(english.say(says)))
  })

/** What a PC showed from one moment to another. */
export interface Claims {
  /** Ends it. All that was shown: it said at some time that something was wrong, one of `states`. */
  saidSo(...states: CloudStatus['state'][]): void
  /** It never claimed to know all there was later than `moment` (ms UTC). */
  knewNothingAfter(moment: number): void
  end(): void
}

/** Notes all that this PC shows until it is ended; a restart of the PC ends it, too. */
export function noteClaims(name: string, site: Shown): Claims {
  const shown: CloudStatus[] = []
  const note = () => {
    const cloud = site.cloud()
    if (cloud && cloud !== shown.at(-1)) shown.push(cloud)
  }
  const stop = site.status.onChange(note)
  note()
  return {
    saidSo(...states) {
      const said = new Set(shown.map(({ state }) => state))
      assert.ok(
        states.some((state) => said.has(state)),
        `${name} showed ${[...said].join(', ')} and never ${states.join(' or ')}`,
      )
    },
    knewNothingAfter(moment) {
      for (const { state, currentAt } of shown)
        assert.ok(
          (currentAt ?? 0) <= moment,
          `${name} (${state}) claimed to know everything ${(currentAt ?? 0) - moment} ms after it could`,
        )
    },
    end: stop,
  }
}
