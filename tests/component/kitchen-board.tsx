/** @file A grill board over a fake core: what the tests of the kitchen display share. Test kit. */
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { page } from 'vitest/browser'
import { KitchenApp } from '../../renderer/kitchen/app.tsx'
import type { LegendName } from '../../renderer/kitchen/legends.ts'
import { pass, stopTime } from './clock.ts'
import { createFakeCore, type FakeCore } from './fake-core.ts'
import { closeAll, fakeSounds, show } from './show.tsx'

/** The core of the test that runs. */
export let core: FakeCore

beforeEach(async () => {
  stopTime()
  await page.viewport(1366, 768)
  localStorage.clear()
  core = createFakeCore()
})
afterEach(() => {
  closeAll(core)
  vi.useRealTimers()
})

export const open = (legend: LegendName = 'D', sounds = fakeSounds()) =>
  show(core, 'kitchen', <KitchenApp station="grill" legend={legend} />, sounds)

export const ticket = (number: number) => page.getByRole('article', { name: `Ticket ${number}`, exact: true })
export const bump = (number: number) => page.getByRole('button', { name: `Bump ${number}`, exact: true })
export const bounds = (number: number) => JSON.stringify(ticket(number).element().getBoundingClientRect())
export const names = () => core.log.map((command) => command.name)
export const key = async (code: string, init: KeyboardEventInit = {}) => {
  window.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...init }))
  window.dispatchEvent(new KeyboardEvent('keyup', { code, bubbles: true, ...init }))
  await pass(0)
}
export const firstItem = (order: string) => {
  const item = Object.values(core.state.orders.get(order)?.items ?? {})[0]
  if (!item) throw new Error('no item')
  return item
}
export const shown = async (number: number) => expect.element(ticket(number)).toBeVisible()
