/** @file Which tests each command of package.json runs. */
import { expect, test } from 'vitest'
import { planOf } from '../../../build/scripts/lib/test-plan.ts'

const FAST = ['--project=!system*']

test('npm test runs what Node and Chromium alone can run, and offers the windows', () => {
  expect(planOf([], {})).toEqual({
    vitest: FAST,
    browser: true,
    electron: 'offer',
    coverage: false,
    long: false,
  })
})

test('in CI with coverage; where Electron is to be had, its absence is a failure', () => {
  expect(planOf([], { CI: 'true', PLATE_REQUIRE_ELECTRON: '1' })).toMatchObject({
    electron: 'need',
    coverage: true,
  })
})

test('both tiers are one run of everything', () => {
  expect(planOf(['--all'], { CI: 'true' })).toMatchObject({ vitest: [], electron: 'need', coverage: true })
})

test('the tier of the system, and the windows, each alone; they have no coverage of their own', () => {
  expect(planOf(['--system', 'nginx'], { CI: 'true' })).toEqual({
    vitest: ['--project=system*', 'nginx'],
    browser: false,
    electron: 'no',
    coverage: false,
    long: false,
  })
  expect(planOf(['--electron'], {})).toMatchObject({ vitest: null, browser: false, electron: 'need' })
})

test('a file or a name narrows the run to it', () => {
  expect(planOf(['engine', '--long'], { CI: 'true' })).toEqual({
    vitest: [...FAST, 'engine'],
    browser: false,
    electron: 'no',
    coverage: false,
    long: true,
  })
})
