/** @file Where windows go when displays come, go and shrink. Pure. */
import { expect, test } from 'vitest'
import { type DisplayInfo, nearest, placeWindow } from '../../../main/electron/placement.ts'
import { firstDisplay, titleOf } from '../../../main/electron/titles.ts'

const display = (id: number, x: number, width = 1920, height = 1080): DisplayInfo => ({
  id,
  bounds: { x, y: 0, width, height },
  workArea: { x, y: 0, width, height: height - 40 },
})
const left = display(1, 0)
const right = display(2, 1920)
const onRight = { x: 2000, y: 100, width: 800, height: 600 }

test('a window comes back where it was', () => {
  const place = { display: 2, bounds: onRight, fullscreen: false }
  expect(placeWindow(place, [left, right])).toEqual({
    display: 2,
    bounds: onRight,
    fullscreen: false,
    away: false,
  })
})

test('a full-screen window fills its own display', () => {
  const place = { display: 2, bounds: null, fullscreen: true }
  expect(placeWindow(place, [left, right])).toMatchObject({ display: 2, bounds: right.bounds, away: false })
})

test('without its display it is a guest on another one, and goes home when that returns', () => {
  const place = { display: 2, bounds: onRight, fullscreen: true }
  const guest = placeWindow(place, [left])
  expect(guest).toEqual({ display: 1, bounds: left.bounds, fullscreen: true, away: true })
  expect(placeWindow(place, [left, right])).toMatchObject({ display: 2, away: false })
})

test('a guest that is no full-screen window is whole and visible on its host', () => {
  const { bounds, away } = placeWindow({ display: 2, bounds: onRight, fullscreen: false }, [left])
  expect(away).toBe(true)
  expect(bounds).toEqual({ x: 560, y: 220, width: 800, height: 600 })
})

test.each([
  ['far away', { x: -5000, y: 40, width: 800, height: 600 }],
  ['its title bar above the display', { x: 100, y: -300, width: 800, height: 600 }],
  ['almost gone to the side', { x: 1850, y: 100, width: 800, height: 600 }],
])('a window %s is brought back', (_name, bounds) => {
  const placed = placeWindow({ display: 1, bounds, fullscreen: false }, [left])
  expect(placed.bounds).toEqual({ x: 560, y: 220, width: 800, height: 600 })
})

test('a window larger than the display shrinks to it', () => {
  const small = display(1, 0, 1024, 600)
  const { bounds } = placeWindow(
    { display: 1, bounds: { x: 3000, y: 0, width: 3000, height: 2000 }, fullscreen: false },
    [small],
  )
  expect(bounds).toEqual(small.workArea)
})

test('a window across two displays stays across them', () => {
  const across = { x: 1500, y: 100, width: 800, height: 600 }
  expect(placeWindow({ display: 1, bounds: across, fullscreen: false }, [left, right]).bounds).toEqual(across)
})

test('a first window is centred', () => {
  const { bounds } = placeWindow({ display: null, bounds: null, fullscreen: false }, [left, right])
  expect(bounds).toEqual({ x: 320, y: 120, width: 1280, height: 800 })
})

test('bounds without a display choose the one they are on', () => {
  expect(nearest(onRight, [left, right])).toBe(right)
  expect(() => nearest(null, [])).toThrow('no display')
})

test('boards get displays of their own while there are any', () => {
  expect(firstDisplay('console', [left, right], [])).toBe(1)
  expect(firstDisplay('kitchen', [left, right], [])).toBe(2)
  expect(firstDisplay('kitchen', [left, right], [{ display: 2 }])).toBe(2)
  expect(firstDisplay('expo', [left, right, display(3, 3840)], [{ display: 2 }])).toBe(3)
  expect(firstDisplay('kitchen', [left], [])).toBe(1)
})

test('windows are called what people call them', () => {
  expect(titleOf({ role: 'kitchen', station: 'grill' })).toBe('Kitchen – grill')
  expect(titleOf({ role: 'console', station: null })).toBe('Console')
})
