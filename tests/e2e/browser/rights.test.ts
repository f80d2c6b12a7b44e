/** @file A console loses the open orders with the person: what its socket hears before, during and after a sign-in. */
import { line, online, PINS } from '../../support/core.ts'
import { signIn } from '../story.ts'
import { expect, localUrl, test } from './hub.ts'

test('a console hears of orders only while somebody is signed in at it', async ({
  page,
  context,
  startOne,
}) => {
  const hub = await startOne()
  const server = hub.client('console')
  await online(server)
  await server.call('signIn', { pin: PINS.server })
  const place = async () => {
    const order = server.newId()
    const items = [line(server, 'fries')]
    expect(await server.send('placeOrder', { order, type: 'takeaway', items })).toMatchObject({ ok: true })
    return order
  }

  const heard: string[] = []
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))))
  const hears = (text: string) => heard.some((frame) => frame.includes(text))
  const expo = await context.newPage()
  await expo.goto(localUrl(hub, '/expo/'))
  /** Once the expo shows it, a console that may hear of it has. */
  const shown = async (order: string) => expect(expo.locator(`article[data-ticket="${order}"]`)).toBeVisible()

  const before = await place()
  await page.goto(localUrl(hub, '/console/'))
  await expect(page.getByRole('heading', { name: 'Enter your PIN' })).toBeVisible()
  await shown(before)
  expect(hears(before)).toBe(false)

  await signIn(page, PINS.server)
  await page.getByRole('button', { name: 'Open orders' }).click()
  await expect(page.locator(`[data-ticket="${before}"]`)).toBeVisible()
  const during = await place()
  await expect(page.locator(`[data-ticket="${during}"]`)).toBeVisible()

  await page.getByRole('button', { name: /^Sign out/ }).click()
  await expect(page.getByRole('heading', { name: 'Enter your PIN' })).toBeVisible()
  await expect.poll(() => hears('"t":"end"') && hears('signInNeeded')).toBe(true)
  const after = await place()
  await shown(after)
  expect(hears(after)).toBe(false)

  await signIn(page, PINS.server)
  await page.getByRole('button', { name: 'Open orders' }).click()
  await expect(page.locator(`[data-ticket="${after}"]`)).toBeVisible()
  server.close()
})
