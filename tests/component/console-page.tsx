/** @file The console over a fake core: what its tests share. Test kit. */
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ConsoleApp } from '../../renderer/console/app.tsx'
import { reloadDrafts } from '../../renderer/console/drafts.ts'
import { stopTime } from './clock.ts'
import { createFakeCore, type FakeCore } from './fake-core.ts'
import { closeAll, show } from './show.tsx'

/** The core of the test that runs. */
export let core: FakeCore

beforeEach(async () => {
  stopTime()
  await page.viewport(1366, 768)
  localStorage.clear()
  reloadDrafts()
  core = createFakeCore()
})
afterEach(() => {
  closeAll(core)
  vi.useRealTimers()
})

export const button = (name: string | RegExp) => page.getByRole('button', { name })

/** Opens the console and signs in: a server's PIN unless another is given. */
export async function open(pin = '1111') {
  const shown = await show(core, 'console', <ConsoleApp />)
  await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  await userEvent.keyboard(`${pin}{Enter}`)
  if (pin === '1111') await expect.element(button('Tables')).toBeVisible()
  return shown
}
