/** @file A hub that connects itself: what it says, and when it tries again. No network: the core's part is played here. */
import { expect, test, vi } from 'vitest'
import type { Core } from '../../../main/core/api.ts'
import type { CloudAnswer, CloudFailure } from '../../../main/core/ports.ts'
import { type JoinParts, joinCloud } from '../../../main/headless/join.ts'

const project = { url: 'https://abc.supabase.co', key: 'sb_publishable_x' }
const wish = { project, code: 'AB12C-DE34F', take: null }
type Claimed = CloudAnswer<{ restaurant: string; name: string; restarts: boolean }>

const refused = (code: CloudFailure['code'], message: string, retryAfterMs?: number): Claimed => ({
  ok: false,
  error: { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
})
const claimed = (restarts = false): Claimed => ({
  ok: true,
  value: { restaurant: 'r', name: 'Corner Bistro', restarts },
})

function parts(answers: Claimed[], link: { url: string; name: string } | null = null) {
  const said: string[] = []
  const waited: number[] = []
  const alarms = { raise: vi.fn(), clear: vi.fn() }
  const claim = vi.fn<NonNullable<Core['cloud']>['claim']>(async () => answers.shift() ?? claimed())
  const given: JoinParts = {
    core: { cloud: { link: () => link, claim }, alarms },
    say: (line) => said.push(line),
    wait: async (ms) => void waited.push(ms),
    stopped: () => waited.length >= 8,
  }
  return { given, said, waited, alarms, claim }
}

test('claims with the code and says where it belongs', async () => {
  const { given, said, claim } = parts([claimed(true)])
  await joinCloud(wish, given)
  expect(claim).toHaveBeenCalledExactlyOnceWith(project, 'AB12C-DE34F', null)
  expect(said).toEqual(['Connected to Corner Bistro. Starting again with the orders of that restaurant.'])
})

test('a hub that belongs to a restaurant leaves the code alone', async () => {
  const { given, said, claim } = parts([], { url: project.url, name: 'Corner Bistro' })
  await joinCloud(wish, given)
  await joinCloud({ ...wish, code: undefined }, given)
  expect(claim).not.toHaveBeenCalled()
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(/Corner Bistro.*PLATE_DEVICE_CODE is not needed/)
})

test('without a code it says what to get', async () => {
  const { given, said, alarms, claim } = parts([])
  await joinCloud({ ...wish, code: undefined }, given)
  expect(claim).not.toHaveBeenCalled()
  expect(said[0]).toContain('PLATE_DEVICE_CODE')
  expect(alarms.raise).toHaveBeenCalledWith('cloud:join', 'warning', said[0])
})

test.each([
  ['wrongKey', 'PLATE_SUPABASE_KEY'],
  ['wrongCode', 'new code into PLATE_DEVICE_CODE'],
  ['noSchema', 'supabase db push'],
] as const)('%s is for a person: said once, on the terminal and the screens', async (code, words) => {
  const { given, said, alarms, claim, waited } = parts([refused(code, 'It says no: run supabase db push.')])
  await joinCloud(wish, given)
  expect(claim).toHaveBeenCalledOnce()
  expect(waited).toEqual([])
  expect(said).toEqual([expect.stringContaining(words)])
  expect(alarms.raise).toHaveBeenCalledOnce()
})

test('while the cloud is away it tries again, says so once, and takes its alarm back', async () => {
  const away = refused('away', 'abc.supabase.co does not answer.')
  const { given, said, waited, alarms } = parts([away, away, refused('busy', 'Later.', 45_000), claimed()])
  await joinCloud(wish, given)
  expect(waited).toEqual([2_000, 4_000, 45_000])
  expect(said).toEqual([
    'Not connected yet, this hub tries again by itself. abc.supabase.co does not answer.',
    'Connected to Corner Bistro.',
  ])
  expect(alarms.clear).toHaveBeenCalledWith('cloud:join')
})

test('it ends with the hub', async () => {
  const { given, waited } = parts(Array.from({ length: 20 }, () => refused('away', 'No answer.')))
  await joinCloud(wish, given)
  expect(waited).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
})
