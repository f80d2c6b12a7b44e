/** @file A hub that connects itself: what it says, and when it tries again. No network: the core's part is played here. */
import { expect, test, vi } from 'vitest'
import type { Core } from '../../../main/core/api.ts'
import type { CloudAnswer, CloudFailure } from '../../../main/core/ports.ts'
import { type JoinParts, joinCloud } from '../../../main/headless/join.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'
import { words } from '../../support/words.ts'

const project = { url: 'https://abc.supabase.co', key: 'sb_publishable_x' }
const wish = { project, code: 'AB12C-DE34F', take: null }
type Claimed = CloudAnswer<{ restaurant: string; name: string; restarts: boolean }>

/** In the cloud's words. */
const NO: Message = { code: 'hub.fault', params: { detail: 'The cloud says no.' } }

const refused = (code: CloudFailure['code'], retryAfterMs?: number): Claimed => ({
  ok: false,
  error: { code, says: NO, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
})
const claimed = (restarts = false): Claimed => ({
  ok: true,
  value: { restaurant: 'r', name: 'Corner Bistro', restarts },
})

function parts(answers: Claimed[], link: { url: string; name: string } | null = null) {
  const said: Message[] = []
  const waited: number[] = []
  const alarms = { raise: vi.fn(), clear: vi.fn() }
  const claim = vi.fn<NonNullable<Core['cloud']>['claim']>(async () => answers.shift() ?? claimed())
  const given: JoinParts = {
    core: { cloud: { link: () => link, claim }, alarms },
    tell: (says) => said.push(says),
    wait: async (ms) => void waited.push(ms),
    stopped: () => waited.length >= 8,
  }
  return { given, said, waited, alarms, claim }
}

test('claims with the code and says where it belongs', async () => {
  const { given, said, claim } = parts([claimed(true)])
  await joinCloud(wish, given)
  expect(claim).toHaveBeenCalledExactlyOnceWith(project, 'AB12C-DE34F', null)
  expect(said).toEqual([say('hub.connectedAgain', { restaurant: 'Corner Bistro' })])
})

test('a hub that belongs to a restaurant leaves the code alone', async () => {
  const { given, said, claim } = parts([], { url: project.url, name: 'Corner Bistro' })
  await joinCloud(wish, given)
  await joinCloud({ ...wish, code: undefined }, given)
  expect(claim).not.toHaveBeenCalled()
  expect(said).toEqual([say('hub.hasRestaurant', { restaurant: 'Corner Bistro', address: project.url })])
})

test('without a code it says what to get', async () => {
  const { given, said, alarms, claim } = parts([])
  await joinCloud({ ...wish, code: undefined }, given)
  expect(claim).not.toHaveBeenCalled()
  expect(said).toEqual([say('hub.noRestaurant')])
  expect(alarms.raise).toHaveBeenCalledWith('cloud:join', 'warning', said[0])
})

test.each([
  ['wrongKey', 'The cloud says no. Look at PLATE_SUPABASE_URL and PLATE_SUPABASE_KEY.'],
  ['wrongCode', 'The cloud says no. Put a new code into PLATE_DEVICE_CODE.'],
  ['noSchema', 'The cloud says no.'],
] as const)('%s is for a person: said once, on the terminal and the screens', async (code, line) => {
  const { given, said, alarms, claim, waited } = parts([refused(code)])
  await joinCloud(wish, given)
  expect(claim).toHaveBeenCalledOnce()
  expect(waited).toEqual([])
  expect(said.map(words.say)).toEqual([line])
  expect(alarms.raise).toHaveBeenCalledExactlyOnceWith('cloud:join', 'warning', said[0])
})

test('while the cloud is away it tries again, says so once, and takes its alarm back', async () => {
  const away = refused('away')
  const { given, said, waited, alarms } = parts([away, away, refused('busy', 45_000), claimed()])
  await joinCloud(wish, given)
  expect(waited).toEqual([2_000, 4_000, 45_000])
  expect(said).toEqual([
    say('hub.notYetConnected', { message: NO }),
    say('hub.connected', { restaurant: 'Corner Bistro' }),
  ])
  expect(alarms.clear).toHaveBeenCalledWith('cloud:join')
})

test('it ends with the hub', async () => {
  const { given, waited } = parts(Array.from({ length: 20 }, () => refused('away')))
  await joinCloud(wish, given)
  expect(waited).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
})
