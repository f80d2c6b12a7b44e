/** @file Times of rounds and steps, against a table that was worked out by hand. */
import { describe, expect, test } from 'vitest'
import { roundsOf } from '../../../shared/domain/spans.ts'
import { Kitchen, line, NOON, ORDER, PIZZA, placing, task, uuid } from './kit.ts'

const MINUTE = 60_000
const STEAK = uuid(21)
const OTHER = uuid(22)

/** Minutes after noon. */
type Rounds = Record<string, [from: number, to: number][]>

function rounds(kitchen: Kitchen): Rounds {
  const found = roundsOf(kitchen.order(), ({ station }) => station)
  const minutes = (at: number) => (at - NOON) / MINUTE
  return Object.fromEntries(
    [...found].map(([station, spans]) => [
      station,
      spans.map(({ from, to }): [number, number] => [minutes(from), minutes(to)]),
    ]),
  )
}

/** Orders at noon, then does each of these at its minute. */
function evening(
  items: ReturnType<typeof line>[],
  ...deeds: [minute: number, (kitchen: Kitchen) => void][]
): Rounds {
  const kitchen = new Kitchen()
  kitchen.do('placeOrder', placing(items))
  for (const [minute, deed] of deeds) {
    kitchen.now = NOON + minute * MINUTE
    deed(kitchen)
  }
  return rounds(kitchen)
}

const bump = (station: string) => (kitchen: Kitchen) => void kitchen.do('bumpTicket', kitchen.all(station))
const recall = (station: string) => (kitchen: Kitchen) =>
  void kitchen.do('recallTicket', kitchen.back(station))
const add = (id: string) => (kitchen: Kitchen) =>
  void kitchen.do('addItems', { order: ORDER, items: [line(id, 'steak')] })
const change = (fields: object) => (kitchen: Kitchen) =>
  void kitchen.do('changeItem', { order: ORDER, item: STEAK, ...fields })
const steak = line(STEAK, 'steak')
const pizza = line(PIZZA, 'pizza')

describe('one span per round and step, from when it could begin', () => {
  test.each<[string, Rounds, Rounds]>([
    ['a dish', evening([steak], [3, bump('grill')]), { grill: [[0, 3]] }],
    [
      'two rounds 90 minutes apart',
      evening([steak], [3, bump('grill')], [93, add(OTHER)], [96, bump('grill')]),
      {
        grill: [
          [0, 3],
          [93, 96],
        ],
      },
    ],
    [
      'dishes that stood there together',
      evening([steak], [2, add(OTHER)], [5, bump('grill')]),
      { grill: [[0, 5]] },
    ],
    [
      'an accidental recall an hour later',
      evening([steak], [3, bump('grill')], [64, recall('grill')], [65, bump('grill')]),
      {
        grill: [
          [0, 3],
          [64, 65],
        ],
      },
    ],
    [
      'an undo is no round',
      evening(
        [steak],
        [3, bump('grill')],
        [
          3.1,
          (kitchen) => void kitchen.do('undo', { order: ORDER, deeds: [kitchen.log.at(-1)?.stamp ?? ''] }),
        ],
        [8, bump('grill')],
      ),
      { grill: [[0, 8]] },
    ],
    [
      'the oven has what came to the oven',
      evening([pizza], [12, bump('pizza')], [15, bump('oven')]),
      { pizza: [[0, 12]], oven: [[12, 15]] },
    ],
    [
      'a recall at prep is a round of both',
      evening(
        [pizza],
        [12, bump('pizza')],
        [15, bump('oven')],
        [20, recall('pizza')],
        [24, bump('pizza')],
        [26, bump('oven')],
      ),
      {
        pizza: [
          [0, 12],
          [20, 24],
        ],
        oven: [
          [12, 15],
          [24, 26],
        ],
      },
    ],
    [
      'made again after a change, from the change',
      evening([steak], [3, bump('grill')], [10, change({ note: 'no salt' })], [14, bump('grill')]),
      {
        grill: [
          [0, 3],
          [10, 14],
        ],
      },
    ],
    [
      'one more wanted, from when it was',
      evening([steak], [3, bump('grill')], [10, change({ quantity: 2 })], [12, bump('grill')]),
      {
        grill: [
          [0, 3],
          [10, 12],
        ],
      },
    ],
    [
      'another seat is no work',
      evening([steak], [3, bump('grill')], [10, change({ seat: 2 })]),
      { grill: [[0, 3]] },
    ],
    [
      'what is still open has no time yet',
      evening([steak], [3, bump('grill')], [9, recall('grill')]),
      { grill: [[0, 3]] },
    ],
    ['what was never bumped has none', evening([steak]), {}],
    [
      'a course, from its fire',
      evening(
        [line(STEAK, 'steak', { hold: true })],
        [30, (kitchen) => void kitchen.do('fireCourse', kitchen.course('mains'))],
        [37, bump('grill')],
      ),
      { grill: [[30, 37]] },
    ],
    [
      'a line that was split off has the age of its dish',
      evening(
        [line(STEAK, 'steak', { quantity: 2 })],
        [
          4,
          (kitchen) =>
            void kitchen.do('splitItem', { order: ORDER, item: STEAK, newItem: OTHER, quantity: 1 }),
        ],
        [
          6,
          (kitchen) =>
            void kitchen.do('bumpTask', {
              ...task(STEAK, 0),
              n: 1,
              saw: kitchen.ticket('grill').items[0]?.shown ?? [],
            }),
        ],
        [9, bump('grill')],
      ),
      { grill: [[0, 9]] },
    ],
    [
      'what was voided has none',
      evening(
        [steak],
        [3, bump('grill')],
        [4, (kitchen) => void kitchen.do('voidItem', { order: ORDER, item: STEAK, reason: '' })],
      ),
      {},
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })
})
