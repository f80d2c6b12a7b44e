/** @file A hub for browser tests, and this machine's pages on it. Starts the built program. */
import { test as plain } from '@playwright/test'
import { tempDir } from '../../support/core.ts'
import { type HubOptions, startHub, type TestHub } from '../../support/hub.ts'

/** The address that signs this machine's browser in and leads to `screen`, e.g. `/kitchen/?station=grill`. */
export const localUrl = (hub: TestHub, screen: string) =>
  `${hub.url.replace(/\/$/, '')}/open?key=${hub.key}&to=${encodeURIComponent(screen)}`

/** A hub on a data folder of its own; gone after the test. */
export const test = plain.extend<{ startOne: (options?: Omit<HubOptions, 'dir'>) => Promise<TestHub> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture uses from this pattern
  startOne: async ({}, use) => {
    const running: { hub: TestHub; remove(): void }[] = []
    await use(async (options = {}) => {
      const folder = tempDir()
      const hub = await startHub({ dir: folder.dir, ...options })
      running.push({ hub, remove: folder.remove })
      return hub
    })
    for (const { hub, remove } of running) {
      await hub.stop()
      remove()
    }
  },
})

export { expect } from '@playwright/test'
