/** @file Two Plate PCs as people see them: cut from each other both go on, and their boards meet again equal. */
import type { BrowserContext, Page } from '@playwright/test'
import type { Client } from '../../../shared/client/client.ts'
import { line, online, PINS } from '../../support/core.ts'
import type { TestHub } from '../../support/hub.ts'
import { cableTo } from '../../support/proxy.ts'
import { signIn } from '../story.ts'
import { expect, localUrl, test } from './hub.ts'

async function person(hub: TestHub): Promise<Client> {
  const client = hub.client('console')
  await online(client)
  await client.call('signIn', { pin: PINS.manager })
  return client
}

async function place(client: Client, dish: string): Promise<string> {
  const placed = await client.send('placeOrder', {
    order: client.newId(),
    type: 'takeaway',
    items: [line(client, dish)],
  })
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return placed.value.number ?? ''
}

/** What a board says, ticket by ticket, without its clock. */
const numbers = async (page: Page) => (await page.locator('article .number').allTextContents()).sort()

async function open(context: BrowserContext, hub: TestHub, screen: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(localUrl(hub, screen))
  return page
}

test('two PCs cut from each other go on alone and meet again equal', async ({ browser, startOne }) => {
  const first = await startOne({ args: ['--lan', '--tls-port', '0', '--name', 'Kitchen PC'] })
  const second = await startOne({ args: ['--tls-port', '0', '--name', 'Bar PC'] })
  const cable = await cableTo(Number(new URL(first.tlsUrl ?? '').port))
  const [here, there] = [await browser.newContext(), await browser.newContext()]
  const kitchen = await open(here, first, '/kitchen/?station=fryer')
  const bar = await open(there, second, '/kitchen/?station=fryer')
  const [host, barkeeper] = [await person(first), await person(second)]

  const pairing = await host.call('createPairing', { kind: 'peer', name: 'Bar PC' })
  if (!pairing.ok) throw new Error(JSON.stringify(pairing.error))
  const manager = await open(there, second, '/manager/')
  await signIn(manager, PINS.manager)
  await manager.getByRole('button', { name: 'Network', exact: true }).click()
  await manager.getByLabel(/address/i).fill(`127.0.0.1:${cable.port}`)
  await manager.getByLabel(/code/i).fill(pairing.value.code)
  await manager.getByRole('button', { name: /^Join/ }).click()
  await expect(manager.getByText('Kitchen PC').first()).toBeVisible()

  const shared = await place(host, 'wings')
  await expect(bar.getByRole('article', { name: `Ticket ${shared}`, exact: true })).toBeVisible()
  cable.pull()
  const alone = [await place(host, 'fries'), await place(barkeeper, 'onion-rings')]
  await kitchen.getByRole('button', { name: `Bump ${shared}` }).click()
  await expect(kitchen.getByRole('article', { name: `Ticket ${alone[0]}`, exact: true })).toBeVisible()
  await expect(bar.getByRole('article', { name: `Ticket ${alone[1]}`, exact: true })).toBeVisible()
  expect(await numbers(bar), 'the bar has not heard of the bump').toContain(`#${shared}`)

  cable.plug()
  const both = alone.map((number) => `#${number}`).sort()
  for (const page of [kitchen, bar]) await expect.poll(() => numbers(page)).toEqual(both)
  for (const client of [host, barkeeper]) client.close()
  await cable.close()
})
