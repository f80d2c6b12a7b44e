/** @file The story of one order in browsers: this machine's own pages, and a tablet paired over HTTPS under another name. */
import { createHash, X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { chromium, type Page } from '@playwright/test'
import { chromiumOptions } from '../../support/browser.ts'
import type { TestHub } from '../../support/hub.ts'
import { playStory, signIn } from '../story.ts'
import { playUnseen } from '../unseen.ts'
import { expect, localUrl, test } from './hub.ts'

const NAME = 'plate.restaurant.test'

async function openLocal(context: { newPage(): Promise<Page> }, hub: TestHub, screen: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(localUrl(hub, screen))
  return page
}

/** The key hash of the certificates the hub presents: what a person who compared fingerprints has accepted. */
function presentedKeys(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: NAME, rejectUnauthorized: false }, () => {
      const { raw } = socket.getPeerCertificate()
      socket.end()
      const key = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' })
      resolve(createHash('sha256').update(key).digest('base64'))
    })
    socket.on('error', reject)
  })
}

test('an order goes through browsers on the hub, and a tablet on the network sees the same', async ({
  context,
  startOne,
}) => {
  const hub = await startOne({ args: ['--lan', '--tls-port', '0', '--host-name', NAME] })
  const port = Number(new URL(hub.tlsUrl ?? '').port)

  const manager = await openLocal(context, hub, '/manager/')
  await signIn(manager, '9999')
  const client = hub.client('manager')
  await expect.poll(() => client.state.link).toBe('online')
  await client.call('signIn', { pin: '9999' })
  const pairing = await client.call('createPairing', { kind: 'expo', name: 'Tablet at the pass' })
  if (!pairing.ok) throw new Error(JSON.stringify(pairing.error))

  // The tablet trusts the hub's own key and nothing else; the name resolves to this machine, so traffic stays on loopback.
  const tablet = await chromium.launch(
    chromiumOptions([
      `--host-resolver-rules=MAP ${NAME} 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${await presentedKeys(port)}`,
    ]),
  )
  const page = await tablet.newPage()
  await page.goto(`https://${NAME}:${port}/join/?code=${pairing.value.code}`)
  expect(await page.evaluate(() => isSecureContext), 'tablets need it for the microphone').toBe(true)
  await page.getByRole('button', { name: 'Pair', exact: true }).click()
  await page.waitForURL(/\/expo\//)
  await expect(page.getByText('No open tickets')).toBeVisible()

  const screens = {
    console: await openLocal(context, hub, '/console/'),
    grill: await openLocal(context, hub, '/kitchen/?station=grill'),
    fryer: await openLocal(context, hub, '/kitchen/?station=fryer'),
    expo: await openLocal(context, hub, '/expo/'),
  }
  const number = await playStory(screens, async (shown) => {
    const card = page.getByRole('article', { name: `Ticket ${shown}`, exact: true })
    await expect(card.locator('[data-item]')).toHaveCount(3)
    await expect(card).toContainText('ALLERGY')
  })
  await expect(page.getByRole('article', { name: `Ticket ${number}`, exact: true })).toHaveCount(0)
  await playUnseen(screens)

  const devices = await client.call('devices', {})
  const paired = devices.ok ? devices.value.find((device) => device.name === 'Tablet at the pass') : undefined
  expect(paired?.online).toBe(true)
  await client.call('revokeDevice', { device: paired?.id ?? '' })
  await expect(page.getByText(/removed this device/)).toBeVisible()
  client.close()
  await tablet.close()
})
