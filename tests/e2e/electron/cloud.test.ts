/** @file An evening on many devices: two apps, a hub with a tablet, a manager at a third; the network is cut all the time; all end as the server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { Browser } from 'playwright'
import { openBackend, type TestBackend } from '../../supabase/lib/backend.ts'
import { expectEqual, type Held } from '../../supabase/lib/equal.ts'
import { withFiles } from '../../supabase/lib/hub-site.ts'
import { launchChromium } from '../../support/browser.ts'
import { line, online, PINS } from '../../support/core.ts'
import { startHub, type TestHub } from '../../support/hub.ts'
import { times } from '../../support/long.ts'
import { eventually } from '../../support/progress.ts'
import { type Cable, cableTo } from '../../support/proxy.ts'
import { wholeBoard } from '../board.ts'
import { localUrl } from '../browser/hub.ts'
import { signIn } from '../story.ts'
import { expect, launch, type PlateApp, poll, test } from './app.ts'

/** How many times faster than real the evening is: 2½ hours and the last guests' coffee in less than a minute, with time for all to join. */
const SPEED = times(350, 100)
const ACCOUNT = { email: 'farah@copperpan.test', password: 'correct horse battery' }

// Every wait below ends by itself when nothing moves; this bounds the whole, on the slowest machine.
test.setTimeout(times(900_000, 1_800_000))

interface Pc {
  name: string
  data: string
  cable: Cable
  plate: PlateApp
}

/** Cuts one cable after the other, for moments, until told to end; all are plugged in then. */
function cutAtRandom(cables: readonly Cable[]): () => Promise<void> {
  let going = true
  const pause = (most: number) => new Promise((resolve) => setTimeout(resolve, Math.random() * most))
  const cuts = cables.map(async (cable, index) => {
    while (going) {
      await pause(6_000)
      if ((index + Math.floor(Math.random() * 4)) % 4 === 0) cable.freeze()
      else cable.pull()
      await pause(4_000)
      cable.plug()
    }
  })
  return async () => {
    going = false
    await Promise.all(cuts)
  }
}

async function openCloud(page: Page): Promise<void> {
  await signIn(page, PINS.manager)
  await page.getByRole('button', { name: /^Cloud/ }).click()
  await page.getByRole('button', { name: 'Connect this PC' }).click()
}

async function nameProject(page: Page, backend: TestBackend, { port }: Cable): Promise<void> {
  await page.getByLabel('Project URL').fill(`http://127.0.0.1:${port}`)
  await page.getByLabel('Publishable key').fill(backend.publishableKey)
  await page.getByRole('button', { name: 'Check' }).click()
}

/** The first PC: a person signs in, makes the restaurant, and everything goes up. */
async function found(page: Page, backend: TestBackend, cable: Cable): Promise<void> {
  await openCloud(page)
  await nameProject(page, backend, cable)
  await page.getByLabel('E-mail').fill(ACCOUNT.email)
  await page.getByLabel('Password').fill(ACCOUNT.password)
  await page.getByLabel('Password').press('Enter')
  await page.getByRole('radio', { name: /A new restaurant/ }).check()
  await page.getByLabel('Its name').fill('The Copper Pan')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('radio', { name: /Send this PC’s/ }).check()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByText('Connected to The Copper Pan')).toBeVisible()
}

/** A further PC: with a device code. */
async function follow(page: Page, backend: TestBackend, cable: Cable, code: string): Promise<void> {
  await openCloud(page)
  await nameProject(page, backend, cable)
  await page.getByRole('button', { name: 'I have a device code' }).click()
  await page.getByLabel('Device code').fill(code)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('radio', { name: /Send this PC’s/ }).check()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByText('Connected to The Copper Pan')).toBeVisible()
}

interface Health {
  cloud: { state: string; behind: number; outbox: number } | null
}

/** A hub that starts again does not answer for a moment. */
const healthOf = (hub: TestHub): Promise<Health> =>
  fetch(new URL('/api/health', hub.url)).then(
    (answer) => answer.json() as Promise<Health>,
    () => ({ cloud: null }),
  )

/** One takeaway order from the hub's own console, for the fryer; its ticket number. */
async function orderAtTheHub(hub: TestHub): Promise<string> {
  const console = hub.client('console')
  await online(console)
  await console.call('signIn', { pin: PINS.server })
  const placed = await console.send('placeOrder', {
    order: console.newId(),
    type: 'takeaway',
    items: [line(console, 'fries')],
  })
  console.close()
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return placed.value.number ?? ''
}

/** The manager's list of open tickets, without their ages. */
async function openTickets(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Tickets', exact: true }).click()
  const rows = page.locator('.manager-main tbody tr')
  return rows.evaluateAll((all) =>
    (all as HTMLTableRowElement[])
      .map((row) =>
        [...row.cells]
          .slice(0, -1)
          .map((cell) => cell.textContent)
          .join(' '),
      )
      .join('\n'),
  )
}

/** The manager's report of the day. */
async function stationTimes(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Times', exact: true }).click()
  await page.locator('.manager-main table').waitFor()
  return (await page.locator('.manager-main tbody').textContent()) ?? ''
}

/** Hands to `look` what the files of all these stopped PCs hold. */
const withAll = <T>([dir, ...rest]: string[], look: (held: Held[]) => Promise<T>): Promise<T> =>
  dir ? withFiles(dir, (one) => withAll(rest, (others) => look([one, ...others]))) : look([])

test('a whole evening on two apps, a tablet and a manager’s desk, with the network cut again and again', async () => {
  const backend = await openBackend()
  const folders: string[] = []
  const folder = async () => {
    const made = await mkdtemp(path.join(tmpdir(), 'plate-e2e-'))
    folders.push(made)
    return made
  }
  const port = Number(new URL(backend.url).port)
  const windows = ['manager', 'kitchen:fryer']
  const open = async (name: string): Promise<Pc> => {
    const data = await folder()
    const args = [`--demo=${SPEED}`, '--tls-port=0']
    const pc = { name, data, cable: await cableTo(port), plate: await launch(data, { windows, args }) }
    pcs.push(pc)
    return pc
  }
  let browser: Browser | undefined
  const pcs: Pc[] = []
  let hub: TestHub | undefined
  const hubCable = await cableTo(port)
  try {
    await backend.anon().auth.signUp(ACCOUNT)
    const [bar, kitchen] = await Promise.all([open('Bar'), open('Kitchen')])
    await found(await bar.plate.page('manager'), backend, bar.cable)
    const [row] = await backend.sql<{ id: string }>('select id from restaurants')
    const restaurant = row?.id ?? ''
    const farah = backend.anon()
    await farah.auth.signInWithPassword(ACCOUNT)
    const codeFor = async (name: string) => {
      const made = await farah.rpc('create_device_code', { p_restaurant: restaurant, p_name: name })
      return String(made.data.code)
    }
    // Each line is cut from the moment its PC is connected: evenings go on while others join.
    const endCuts = [cutAtRandom([bar.cable])]
    const hubFolder = await folder()
    const joinKitchen = async () => {
      await follow(await kitchen.plate.page('manager'), backend, kitchen.cable, await codeFor('Kitchen'))
      endCuts.push(cutAtRandom([kitchen.cable]))
    }
    const joinHub = async () => {
      const started = await startHub({
        dir: hubFolder,
        args: ['--tls-port', '0'],
        env: {
          PLATE_SUPABASE_URL: `http://127.0.0.1:${hubCable.port}`,
          PLATE_SUPABASE_KEY: backend.publishableKey,
          PLATE_DEVICE_CODE: await codeFor('Hub'),
          PLATE_SUPABASE_TAKE: 'download',
        },
      })
      hub = started
      // In the middle of such an evening it may be behind by a moment whenever one looks.
      await poll(async () => (await healthOf(started)).cloud?.state).toMatch(/live|catchingUp/)
      endCuts.push(cutAtRandom([hubCable]))
      return started
    }
    const [third] = await Promise.all([joinHub(), joinKitchen()])
    browser = await launchChromium()
    const [tablet, desk] = [await browser.newPage(), await browser.newPage()]
    await tablet.goto(localUrl(third, '/kitchen/?station=fryer'))
    await desk.goto(localUrl(third, '/manager/'))
    await signIn(desk, PINS.manager)

    const sold = () => backend.sql('select count(*) from order_events').then(JSON.stringify)
    for (const { name, plate } of pcs) {
      const over = async () => (await plate.log()).includes('TRAINING_EVENING')
      await eventually(`the evening at the ${name} to end`, over, { moving: sold, every: 1_000 })
    }
    await Promise.all(endCuts.map((end) => end()))
    // The next evening has begun meanwhile: it ends here, in the middle, as at a real closing time.
    await Promise.all(pcs.map(({ plate }) => plate.close()))
    // Whatever is open by then: one ticket that no demo cooks, and every board has to show.
    const late = await orderAtTheHub(third)
    const openAgain = async (pc: Pc) => {
      pc.plate = await launch(pc.data, { windows, args: ['--tls-port=0'] })
      await signIn(await pc.plate.page('manager'), PINS.manager)
    }
    await Promise.all(pcs.map(openAgain))
    // The manager at the third device sees the same numbers as at the others.
    const desks = [desk, ...(await Promise.all(pcs.map(({ plate }) => plate.page('manager'))))]
    let last = ''
    const quiet = async () => {
      const { cloud } = await healthOf(third)
      const lists = await Promise.all(desks.map(openTickets))
      const now = JSON.stringify({ behind: cloud?.behind, outbox: cloud?.outbox, lists })
      const same = now === last && cloud?.behind === 0 && cloud.outbox === 0 && new Set(lists).size === 1
      last = now
      return same
    }
    await eventually('all managers to see the same', quiet, { moving: () => last, every: 1_000 })
    // Afresh, for what left a board during the evening keeps its place for a while.
    await tablet.reload()
    const boards = [tablet, ...(await Promise.all(pcs.map(({ plate }) => plate.page('kitchen:fryer'))))]
    let shown: string[][] = []
    const alike = async () => {
      shown = await Promise.all(boards.map(wholeBoard))
      const [first = []] = shown
      const once = first.filter((ticket) => ticket.startsWith(`#${late} `)).length === 1
      return once && new Set(shown.map(String)).size === 1
    }
    await eventually('all boards to show the same tickets', alike, {
      moving: () => shown.map((tickets) => tickets.join('\n')).join('\n---\n'),
      every: 1_000,
    })
    const reports = await Promise.all(desks.map(stationTimes))
    expect(new Set(reports).size, reports.join('\n---\n')).toBe(1)
    expect(reports[0]).toMatch(/\d/)

    await Promise.all([third.stop(), ...pcs.map(({ plate }) => plate.close())])
    await withAll([...pcs.map(({ data }) => data), hubFolder], (held) =>
      expectEqual(backend, restaurant, held),
    )
  } finally {
    await browser?.close()
    for (const { plate, cable } of pcs) {
      await plate.close().catch(() => undefined)
      await cable.close()
    }
    await hub?.stop()
    await hubCable.close()
    await backend.close()
    for (const dir of folders) await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
})
