/** @file Places on a board, as pure functions: long tickets take a column, pages are cut after columns, gaps keep their place. */
import { expect, test } from 'vitest'
import { gridFor } from '../../renderer/shared/board/measure.ts'
import { compact, paginate, reconcile, type Slot } from '../../renderer/shared/board/slots.ts'
import type { TicketView } from '../../shared/domain/view.ts'

const slot = (id: string, span: 1 | 2 = 1): Slot => ({ id, span, gap: false })
const places = (slots: Slot[], columns: number, rows: 1 | 2) =>
  paginate(slots, columns, rows).map((page) =>
    page.map((placed) => `${placed.slot.id}${placed.column}${placed.row}`).join(' '),
  )
const tickets = (...ids: string[]) =>
  new Map(ids.map((id, index) => [id, { id, openedAt: index } as unknown as TicketView]))

test('short tickets share a column, a long one starts its own', () => {
  expect(places([slot('a'), slot('b', 2), slot('c'), slot('d'), slot('e')], 2, 2)).toEqual([
    'a11 b21',
    'c11 d12 e21',
  ])
  expect(places([slot('a'), slot('b'), slot('c')], 2, 1)).toEqual(['a11 b21', 'c11'])
})

test('a screen has as many columns as stay readable, and two rows where they fit', () => {
  const sizes = [
    [1900, 980],
    [1346, 670],
    [1004, 600],
    [300, 400],
  ] as const
  expect(
    sizes.map(([width, height]) => gridFor(width, height)).map(({ columns, rows }) => [columns, rows]),
  ).toEqual([
    [5, 2],
    [4, 2],
    [3, 2],
    [1, 1],
  ])
})

test('what left keeps its place until gaps are closed, and what comes back takes it again', () => {
  const first = reconcile([], tickets('a', 'b', 'c'), () => 1)
  const left = reconcile(first, tickets('a', 'c', 'd'), () => 1)
  expect(left.map(({ id, gap }) => (gap ? '-' : id)).join('')).toBe('a-cd')
  expect(reconcile(left, tickets('a', 'c', 'd'), () => 1)).toBe(left)
  const back = reconcile(left, tickets('a', 'b', 'c', 'd'), () => 1)
  expect(back.map(({ id }) => id).join('')).toBe('abcd')
  expect(
    compact(left)
      .map(({ id }) => id)
      .join(''),
  ).toBe('acd')
  expect(compact(back)).toBe(back)
})
