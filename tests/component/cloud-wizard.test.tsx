/** @file Connecting a PC to the cloud: every step, every refusal, and that nothing typed is lost on the way. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { CloudFailure } from '../../main/core/ports.ts'
import { ManagerApp } from '../../renderer/manager/app.tsx'
import { faultOf, fromEnv, isSecret } from '../../renderer/manager/cloud/project-text.ts'
import type { CloudInfo } from '../../shared/contract/contract.ts'
import { ok } from '../../shared/domain/errors.ts'
import { stopTime } from './clock.ts'
import { cloud, connectCloud, offerCloud, PROJECT, RESTAURANT, refusal, signedIn } from './fake-cloud.ts'
import { createFakeCore, type FakeCore, placeOrder } from './fake-core.ts'
import { closeAll, show } from './show.tsx'

let core: FakeCore

beforeEach(async () => {
  stopTime()
  await page.viewport(1366, 768)
  core = createFakeCore()
  offerCloud(core)
  const { settings } = core.state.documents
  core.setDocument('settings', { ...settings.body, name: 'Trattoria Lumen', demo: false })
})
afterEach(() => {
  closeAll(core)
  vi.useRealTimers()
})

const button = (name: string | RegExp) => page.getByRole('button', { name })
const field = (name: string | RegExp) => page.getByLabelText(name)
const radio = (name: string | RegExp) => page.getByRole('radio', { name })
const alert = () => page.getByRole('alert')
const title = (name: string) => expect.element(page.getByRole('heading', { name })).toBeVisible()

async function open() {
  await show(core, 'manager', <ManagerApp />)
  await expect.element(page.getByText('Enter your PIN')).toBeVisible()
  await userEvent.keyboard('9999{Enter}')
  await button('Cloud').click()
  await expect.element(page.getByText('This PC works without a cloud')).toBeVisible()
  await button('Connect this PC').click()
  await title('Which Supabase project?')
}

/** The fake core was connected before. */
function wasIn(former: NonNullable<CloudInfo['former']>): void {
  core.canned.cloud = () => ok({ link: null, former, parked: [], devices: null })
}

async function check() {
  await field('Project URL').fill(` ${PROJECT.url} `)
  await field('Publishable key').fill(PROJECT.key)
  await userEvent.keyboard('{Enter}')
}

async function enter() {
  await check()
  await title('Who lets this PC in?')
}

async function signIn() {
  await enter()
  await field('E-mail').fill('farah@lumen.example')
  await field('Password').fill('long secret')
  await userEvent.keyboard('{Enter}')
}

async function typeCode() {
  await enter()
  await button('I have a device code').click()
  await field('Device code').fill('k7q2m 4xw9t')
  await expect.element(field('Device code')).toHaveValue('K7Q2M-4XW9T')
  await userEvent.keyboard('{Enter}')
  await title('Which orders and menu count?')
}

describe('the project', () => {
  test.each<[CloudFailure['code'], string]>([
    ['wrongKey', 'This key is not known to the project. Copy the publishable key once more.'],
    ['noSchema', 'This project lacks Plate’s tables. Apply the migrations: npx supabase@3 db push'],
    ['away', 'The project cannot be reached. Check the URL and this PC’s internet.'],
  ])('%s is told in place, and what was typed stays', async (code, message) => {
    core.canned.cloudCheck = () => refusal(code, message)
    await open()
    await check()
    await expect.element(alert()).toMatchTextContent(message)
    await expect.element(field('Project URL')).toHaveValue(` ${PROJECT.url} `)
    await expect.element(field('Publishable key')).toHaveValue(PROJECT.key)
    core.canned.cloudCheck = () => ok({ skewMs: 0 })
    await button('Check').click()
    await title('Who lets this PC in?')
  })

  test('it is asked for without stray spaces', async () => {
    const asked = vi.fn(() => ok({ skewMs: 0 }))
    core.canned.cloudCheck = asked
    await open()
    await enter()
    expect(asked).toHaveBeenCalledWith(PROJECT)
  })

  test.each(['abcd.supabase.co', 'abcdefghijklmnopqrst', 'postgresql://postgres:secret@db.abcd.supabase.co'])(
    'what to make of %s is for the core to say',
    async (url) => {
      const asked = vi.fn(() => refusal('refused', 'Paste the project URL.'))
      core.canned.cloudCheck = asked
      await open()
      await field('Project URL').fill(url)
      await field('Publishable key').fill(PROJECT.key)
      await button('Check').click()
      await expect.element(alert()).toMatchTextContent('Paste the project URL.')
      expect(asked).toHaveBeenCalledWith({ url, key: PROJECT.key })
    },
  )

  test('a secret key is refused before it leaves the screen', async () => {
    const asked = vi.fn(() => ok({ skewMs: 0 }))
    core.canned.cloudCheck = asked
    await open()
    await field('Project URL').fill('sb_secret_1')
    await field('Publishable key').fill(PROJECT.key)
    await button('Check').click()
    await expect.element(alert()).toMatchTextContent('This is a secret key')
    await field('Project URL').fill(PROJECT.url)
    await field('Publishable key').fill('sb_secret_1')
    await button('Check').click()
    await expect.element(alert()).toMatchTextContent('This is a secret key')
    expect(asked).not.toHaveBeenCalled()
  })

  test.each([
    [7 * 60_000, '7 minutes fast'],
    [-3 * 60_000, '3 minutes slow'],
  ])('a clock off by %i ms is a warning one can mend or pass', async (skewMs, words) => {
    core.canned.cloudCheck = () => ok({ skewMs })
    await open()
    await check()
    await expect.element(alert()).toMatchTextContent(words)
    await button('Check again').click()
    await expect.element(alert()).toMatchTextContent(words)
    await button('Go on with this clock').click()
    await title('Who lets this PC in?')
  })

  test('the lines of a .env fill both fields', async () => {
    await open()
    const data = new DataTransfer()
    data.setData('text', `# Plate\nSUPABASE_URL="${PROJECT.url}"\nSUPABASE_PUBLISHABLE_KEY=${PROJECT.key}\n`)
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    field('Publishable key').element().dispatchEvent(event)
    await expect.element(field('Project URL')).toHaveValue(PROJECT.url)
    await expect.element(field('Publishable key')).toHaveValue(PROJECT.key)
  })

  test('texts are read as people paste them', () => {
    expect(fromEnv('https://abcd.supabase.co')).toEqual({})
    expect(fromEnv("export VITE_SUPABASE_URL='https://x.y' \nSUPABASE_ANON_KEY=a.b.c")).toEqual({
      url: 'https://x.y',
      key: 'a.b.c',
    })
    expect(fromEnv('PLATE_SUPABASE_URL=https://x.y\nPLATE_SUPABASE_KEY=sb_publishable_1 # ours')).toEqual({
      url: 'https://x.y',
      key: 'sb_publishable_1',
    })
    expect(fromEnv('SUPABASE_SECRET_KEY=sb_secret_1\nSUPABASE_SERVICE_ROLE_KEY=a.b.c')).toEqual({})
    const token = (role: string) => `x.${btoa(JSON.stringify({ role }))}.y`
    expect([isSecret(token('service_role')), isSecret(token('anon')), isSecret('a.%.b')]).toEqual([
      true,
      false,
      false,
    ])
    expect(faultOf({ url: 'http://127.0.0.1:54321', key: token('anon') })).toBeNull()
  })

  test('a look at another page loses nothing that was typed, and keeps no password', async () => {
    await open()
    await enter()
    await field('E-mail').fill('farah@lumen.example')
    await field('Password').fill('long secret')
    await button('Devices').click()
    await button('Cloud').click()
    await title('Who lets this PC in?')
    await expect.element(field('E-mail')).toHaveValue('farah@lumen.example')
    await expect.element(field('Password')).toHaveValue('')
    await button('Back').click()
    await expect.element(field('Project URL')).toHaveValue(` ${PROJECT.url} `)
    await expect.element(field('Publishable key')).toHaveValue(PROJECT.key)
  })

  test('leaving goes back to what it is for', async () => {
    await open()
    await button('Back').click()
    await expect.element(button('Connect this PC')).toBeVisible()
  })
})

describe('signing in', () => {
  test('a wrong password is told in place; the e-mail stays, and going back clears the password', async () => {
    core.canned.cloudSignIn = () => refusal('wrongLogin', 'E-mail or password is wrong. Try again.')
    await open()
    await signIn()
    await expect.element(alert()).toMatchTextContent('E-mail or password is wrong.')
    await expect.element(field('E-mail')).toHaveValue('farah@lumen.example')
    await button('Back').click()
    await expect.element(field('Project URL')).toHaveValue(` ${PROJECT.url} `)
    await button('Check').click()
    await expect.element(field('E-mail')).toHaveValue('farah@lumen.example')
    await expect.element(field('Password')).toHaveValue('')
    expect(alert().query()).toBeNull()
  })

  test('while it is under way, buttons say so and wait', async () => {
    await open()
    await enter()
    core.hold()
    await field('E-mail').fill('farah@lumen.example')
    await field('Password').fill('long secret')
    await userEvent.keyboard('{Enter}')
    await expect.element(button('Signing in…')).toBeDisabled()
    await expect.element(button('Back')).toBeDisabled()
    core.release()
    await title('Which restaurant is this PC in?')
  })

  test('the only restaurant is chosen; where one is no manager, one cannot connect', async () => {
    const [first, , friend] = signedIn().restaurants
    core.canned.cloudSignIn = () =>
      ok(signedIn({ restaurants: [first, friend].flatMap((each) => each ?? []) }))
    await open()
    await signIn()
    await expect.element(radio(/Trattoria Lumen/)).toBeChecked()
    await expect.element(radio(/Friend’s place/)).toBeDisabled()
    await expect.element(page.getByText(/You are server there/)).toBeVisible()
  })
})

describe('the restaurant', () => {
  test('one in use is taken over by default, and Plate starts again', async () => {
    const join = vi.fn(() => ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: true }))
    core.canned.cloudJoin = join
    await open()
    await signIn()
    await expect.element(button('Go on')).toBeDisabled()
    await radio(/Trattoria Lumen/).click()
    await button('Go on').click()
    await expect.element(radio(/Take over/)).toBeChecked()
    await expect.element(page.getByText('Plate starts again')).toBeVisible()
    await button('Connect').click()
    await expect.element(page.getByText('✓ Connected to Trattoria Lumen')).toBeVisible()
    await expect.element(page.getByText(/Plate starts again now/)).toBeVisible()
    expect(join).toHaveBeenCalledWith({
      signIn: 'sign-in-1',
      restaurant: { id: RESTAURANT },
      take: 'download',
    })
  })

  test('sending to one in use is possible, with a warning', async () => {
    await open()
    await signIn()
    await radio(/Trattoria Lumen/).click()
    await button('Go on').click()
    await radio(/Send this PC’s/).click()
    await expect.element(page.getByText(/This restaurant has orders already/)).toBeVisible()
    expect(page.getByText(/Nothing changes on this PC/).query()).toBeNull()
    core.setDocument('settings', { ...core.state.documents.settings.body, demo: true })
    await expect.element(page.getByText(/This PC runs the demo restaurant/)).toBeVisible()
    await expect.element(page.getByText(/This restaurant has orders already/)).toBeVisible()
    await button('Back').click()
    await expect.element(radio(/Trattoria Lumen/)).toBeChecked()
  })

  test('open tickets do not leave the boards before somebody was asked once more', async () => {
    const join = vi.fn(() => ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: true }))
    core.canned.cloudJoin = join
    placeOrder(core, ['cheeseburger'])
    placeOrder(core, ['cheeseburger'])
    await open()
    await signIn()
    await radio(/Trattoria Lumen/).click()
    await button('Go on').click()
    await expect.element(radio(/Take over Trattoria Lumen from the cloud/)).toBeChecked()
    await expect.element(page.getByText(/2 open tickets leave the boards of this PC/)).toBeVisible()
    await button('Connect').click()
    const sure = page.getByRole('dialog', { name: 'Take over now, with 2 open tickets?' })
    await sure.getByRole('button', { name: 'Close' }).click()
    expect(join).not.toHaveBeenCalled()
    await button('Connect').click()
    await sure.getByRole('button', { name: 'Take over now' }).click()
    await expect.element(page.getByText('✓ Connected to Trattoria Lumen')).toBeVisible()
    expect(join).toHaveBeenCalledOnce()
  })

  test('the one this PC was in before needs no choice: it goes on where it was', async () => {
    const join = vi.fn(() => ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: false }))
    core.canned.cloudJoin = join
    wasIn({ restaurant: RESTAURANT, name: 'Trattoria Lumen', unsent: 38, lost: false })
    await open()
    await signIn()
    await radio(/Trattoria Lumen/).click()
    await button('Go on').click()
    await title('This PC goes on where it was')
    await expect.element(page.getByText(/38 changes wait to be sent/)).toBeVisible()
    expect(radio(/Take over/).query()).toBeNull()
    await button('Connect').click()
    await expect.element(page.getByText('✓ Connected to Trattoria Lumen')).toBeVisible()
    expect(join).toHaveBeenCalledWith(expect.not.objectContaining({ aside: expect.anything() }))
  })

  test('another one is only taken over when somebody agrees to what is set aside, however much it becomes', async () => {
    const join = vi.fn(() =>
      refusal('refused', '40 changes of this PC were never sent to "Lumen by the sea".'),
    )
    core.canned.cloudJoin = join
    const former = {
      restaurant: '0190a000-0000-7000-8000-000000000002',
      name: 'Lumen by the sea',
      lost: false,
    }
    wasIn({ ...former, unsent: 38 })
    await open()
    await signIn()
    await radio(/Trattoria Lumen/).click()
    await button('Go on').click()
    await expect.element(button('Connect')).toBeDisabled()
    const box = page.getByRole('checkbox', {
      name: /38 changes of this PC were never sent to Lumen by the sea/,
    })
    await box.click()
    wasIn({ ...former, unsent: 40 })
    await button('Connect').click()
    expect(join).toHaveBeenCalledWith(expect.objectContaining({ take: 'download', aside: 38 }))
    await expect.element(page.getByRole('checkbox', { name: /40 changes/ })).not.toBeChecked()
    await expect.element(button('Connect')).toBeDisabled()
    await radio(/Send this PC’s/).click()
    await expect.element(button('Connect')).toBeEnabled()
  })

  test('an empty one gets this PC’s orders; there is nothing to take over', async () => {
    const join = vi.fn(() => ok({ restaurant: RESTAURANT, name: 'Lumen by the sea', restarts: false }))
    core.canned.cloudJoin = join
    await open()
    await signIn()
    await radio(/Lumen by the sea/).click()
    await button('Go on').click()
    await expect.element(radio(/Send this PC’s/)).toBeChecked()
    await expect.element(radio(/Take over/)).toBeDisabled()
    await button('Connect').click()
    await expect.element(page.getByText('✓ Connected to Lumen by the sea')).toBeVisible()
    connectCloud(core, cloud({ state: 'live', outbox: 240 }))
    await expect
      .element(page.getByRole('status', { name: 'State' }))
      .toMatchTextContent('Sending 240 changes.')
    await button('Done').click()
    await expect.element(button('Add another PC')).toBeVisible()
    expect(join).toHaveBeenCalledWith(expect.objectContaining({ take: 'upload' }))
  })

  test('a new one has this restaurant’s name, which can be changed', async () => {
    const join = vi.fn(() => ok({ restaurant: RESTAURANT, name: 'Lumen', restarts: false }))
    core.canned.cloudJoin = join
    core.canned.cloudSignIn = () => ok(signedIn({ restaurants: [] }))
    await open()
    await signIn()
    await expect.element(radio(/A new restaurant/)).toBeChecked()
    await expect.element(field('Its name')).toHaveValue('Trattoria Lumen')
    await field('Its name').fill(' ')
    await expect.element(button('Go on')).toBeDisabled()
    await field('Its name').fill('Lumen ')
    await field(/^Your name and phone/).fill(' Farah, 0151 1234 ')
    await button('Go on').click()
    await button('Connect').click()
    await expect.element(page.getByText('✓ Connected to Lumen')).toBeVisible()
    expect(join).toHaveBeenCalledWith({
      signIn: 'sign-in-1',
      restaurant: { create: 'Lumen', person: 'Farah, 0151 1234' },
      take: 'upload',
    })
  })

  test('the demo restaurant is not sent by accident', async () => {
    core.setDocument('settings', { ...core.state.documents.settings.body, demo: true })
    await open()
    await signIn()
    await radio(/Lumen by the sea/).click()
    await button('Go on').click()
    await expect.element(page.getByText(/This PC runs the demo restaurant/)).toBeVisible()
  })

  test('away while connecting: told in place, and tried again; an expired sign-in goes back', async () => {
    core.canned.cloudJoin = () => refusal('away', 'The cloud did not answer. Try again.')
    await open()
    await signIn()
    await radio(/Trattoria Lumen/).click()
    await button('Go on').click()
    await button('Connect').click()
    await expect.element(alert()).toMatchTextContent('The cloud did not answer.')
    core.canned.cloudJoin = () => refusal('wrongLogin', 'The sign-in has expired. Sign in again.')
    await button('Connect').click()
    await title('Who lets this PC in?')
    await expect.element(alert()).toMatchTextContent('The sign-in has expired.')
    await expect.element(field('E-mail')).toHaveValue('farah@lumen.example')
  })
})

describe('a device code', () => {
  test('of the restaurant this PC was in before needs nobody to agree to anything', async () => {
    const claim = vi.fn(() => ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: false }))
    core.canned.cloudClaim = claim
    wasIn({ restaurant: RESTAURANT, name: 'Trattoria Lumen', unsent: 1, lost: false })
    await open()
    await typeCode()
    await expect
      .element(page.getByText(/With a code of Trattoria Lumen it goes on where it was/))
      .toBeVisible()
    await expect
      .element(page.getByRole('checkbox', { name: /1 change of this PC was never/ }))
      .not.toBeChecked()
    await button('Connect').click()
    await expect.element(page.getByText('✓ Connected to Trattoria Lumen')).toBeVisible()
    expect(claim).toHaveBeenCalledWith({ ...PROJECT, code: 'K7Q2M-4XW9T', take: 'download' })
  })

  test('lets this PC in, and takes over by default', async () => {
    const claim = vi.fn(() => ok({ restaurant: RESTAURANT, name: 'Trattoria Lumen', restarts: true }))
    core.canned.cloudClaim = claim
    await open()
    await typeCode()
    await expect.element(radio(/Take over the restaurant of the code from the cloud/)).toBeChecked()
    await radio(/Send this PC’s/).click()
    await expect.element(page.getByText(/The restaurant may have orders already/)).toBeVisible()
    await radio(/Take over/).click()
    await button('Connect').click()
    await expect.element(page.getByText('✓ Connected to Trattoria Lumen')).toBeVisible()
    expect(claim).toHaveBeenCalledWith({ ...PROJECT, code: 'K7Q2M-4XW9T', take: 'download' })
  })

  test('a wrong one goes back to its field, as typed', async () => {
    core.canned.cloudClaim = () =>
      refusal('wrongCode', 'This code is not known or has expired. Make a new one.')
    await open()
    await typeCode()
    await button('Connect').click()
    await expect.element(alert()).toMatchTextContent('This code is not known')
    await expect.element(field('Device code')).toHaveValue('K7Q2M-4XW9T')
    await button('Sign in').first().click()
    await expect.element(field('Password')).toBeVisible()
    expect(alert().query()).toBeNull()
  })

  test('a key that was rotated meanwhile goes back to the project', async () => {
    core.canned.cloudClaim = () => refusal('wrongKey', 'The publishable key was changed. Paste the new one.')
    await open()
    await typeCode()
    await button('Back').click()
    await button('Go on').click()
    await button('Connect').click()
    await title('Which Supabase project?')
    await expect.element(alert()).toMatchTextContent('The publishable key was changed.')
  })
})
