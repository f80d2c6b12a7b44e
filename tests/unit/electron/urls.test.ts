/** @file Which addresses are ours. Pure. */
import { expect, test } from 'vitest'
import { isHelpLink, isOurs, isPageOf, isTrouble, pageUrl, stationOf } from '../../../main/electron/urls.ts'

test.each([
  ['plate://app/console/', true],
  ['plate://app/console/#hash', true],
  ['plate://app/console/?station=x', true],
  ['plate://app/console', false],
  ['plate://app/console/index.html', false],
  ['plate://app/console/../manager/', false],
  ['plate://app/manager/', false],
  ['plate://app.evil/console/', false],
  ['plate://app:1/console/', false],
  ['plate://user@app/console/', false],
  ['https://app/console/', false],
  ['file:///console/', false],
  ['about:blank', false],
  ['data:text/html,plate://app/console/', false],
  ['', false],
  ['no address', false],
])('is %s the console page: %s', (url, expected) => {
  expect(isPageOf('console', url)).toBe(expected)
})

test('pages have addresses that are theirs', () => {
  const url = pageUrl({ role: 'kitchen', station: 'Grill & Co/é' })
  expect(isPageOf('kitchen', url)).toBe(true)
  expect(stationOf(url)).toBe('Grill & Co/é')
  expect(stationOf(pageUrl({ role: 'expo', station: null }))).toBe(null)
  expect(isOurs('plate://app/assets/x.js')).toBe(true)
})

test('trouble pages are no ordinary pages', () => {
  expect(isTrouble('plate://app/trouble/start')).toBe(true)
  expect(isTrouble('plate://app/console/')).toBe(false)
  expect(isTrouble('https://evil.example/trouble/start')).toBe(false)
})

test.each([
  ['https://help.plate.example/kitchen', true],
  ['http://help.plate.example/', false],
  ['https://help.plate.example.evil/', false],
  ['https://help.plate.example:444/', false],
  ['https://x@help.plate.example/', false],
  ['javascript:alert(1)', false],
])('may %s open in the browser: %s', (url, expected) => {
  expect(isHelpLink(url)).toBe(expected)
})
