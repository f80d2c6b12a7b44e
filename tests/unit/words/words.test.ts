/** @file Words: every code has a sentence with just its parameters, and what is said reads as it should. */
import { describe, expect, test } from 'vitest'
import { FAILURES, fail } from '../../../shared/domain/errors.ts'
import { MESSAGES, say } from '../../../shared/domain/messages/index.ts'
import { en } from '../../../shared/words/en/index.ts'
import { createWords } from '../../../shared/words/index.ts'

/** Every sentence of a catalogue by its path, plural forms apart. */
function sentences(group: object, path = ''): [path: string, text: string][] {
  return Object.entries(group).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : sentences(value, `${path}${key}.`),
  )
}

/** The names of parameters per code (`area.code` or `area.code.why`), as the closed lists have them. */
function lists(): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const add = (path: string, table: object) => {
    for (const [key, value] of Object.entries(table) as [string, readonly string[] | object][]) {
      if (Array.isArray(value)) found.set(`${path}.${key}`, value)
      else {
        add(`${path}.${key}`, value)
        found.set(`${path}.${key}.unknown`, [])
      }
    }
  }
  for (const [area, table] of Object.entries(MESSAGES)) add(area, table)
  add('failures', FAILURES)
  return found
}

const FORM = /\.(zero|one|two|few|many|other)$/
const AREAS = ['failures', ...Object.keys(MESSAGES)]

/** The catalogue's sentences that belong to a code, with the plural forms of one under its path. */
function worded(): [path: string, text: string][] {
  const codes = lists()
  return sentences(en)
    .filter(([path]) => AREAS.includes(path.split('.')[0] ?? ''))
    .map(([path, text]) => [codes.has(path) ? path : path.replace(FORM, ''), text])
}

describe('the catalogue', () => {
  test('has a sentence for every code and reason, and none that nothing says', () => {
    expect(new Set(worded().map(([path]) => path))).toEqual(new Set(lists().keys()))
  })

  test('uses exactly the parameters that a code has', () => {
    const codes = lists()
    for (const [path, text] of worded()) {
      const used = [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name)
      const known = [...(codes.get(path) ?? [])]
      expect(known, path).toEqual(expect.arrayContaining(used))
      // A plural form may leave the count out.
      expect(used.length + (known.includes('count') ? 1 : 0), path).toBeGreaterThanOrEqual(
        new Set(known).size,
      )
    }
  })

  test('has no sentence twice under one code’s reasons', () => {
    for (const [path, text] of worded()) expect(text.trim(), path).not.toBe('')
  })
})

describe('what is said', () => {
  const words = createWords()

  test('a failure names what it is about', () => {
    expect(words.failure(fail('soldOut', { dish: 'Bass' }).error)).toBe(
      'Bass is 86: it has run out. Choose another dish.',
    )
    expect(words.failure(fail('nothingToDo', { why: 'noneHeld' }).error)).toBe(
      'Nothing of this course is held.',
    )
  })

  test('what is absent has a word of its own, and a sentence begins with a capital', () => {
    expect(words.failure(fail('stillHeld', { dish: null }).error)).toBe(
      'This item is on hold. Fire its course first.',
    )
    expect(words.failure(fail('orderCancelled', { number: 'B12', reason: '' }).error)).toBe(
      'Order B12 was cancelled: no reason given.',
    )
  })

  test('an address at the beginning is written as it is', () => {
    for (const host of ['demo.supabase.co', 'localhost:54321'])
      expect(words.say(say('cloud.unreachable', { host }))).toBe(
        `${host} cannot be reached. Check the internet connection.`,
      )
  })

  test('each of a list has the name of what it is', () => {
    expect(words.say(say('cloud.needsRole', { roles: ['manager', 'admin'] }))).toBe(
      'This needs one of these roles in this restaurant: manager, admin. Ask somebody who has it, or sign in as them.',
    )
  })

  test('messages inside messages are worded first; moments are in the restaurant’s zone', () => {
    const at = Date.UTC(2026, 6, 1, 18, 30)
    const side = say('conflicts.side', {
      who: 'Ana',
      pc: 'Bar',
      at,
      did: say('conflicts.voided', { fact: 'Cake' }),
    })
    expect(createWords({ zone: 'Europe/Dublin' }).say(side)).toBe('Ana (Bar, 1 Jul, 19:30) voided Cake')
    expect(createWords({ zone: 'No/Where' }).say(side)).toBe('Ana (Bar, 1 Jul, 18:30) voided Cake')
  })

  test('names that look like the library’s own syntax are left alone', () => {
    expect(words.failure(fail('soldOut', { dish: '{{dish}} $t(failures.internal) <b>' }).error)).toBe(
      '{{dish}} $t(failures.internal) <b> is 86: it has run out. Choose another dish.',
    )
  })

  test('a code or reason of a newer Plate is not shown bare', () => {
    expect(words.failure({ code: 'nothingToDo', params: { why: 'tooEarly' } })).toBe(
      'There is nothing to do.',
    )
    expect(words.failure({ code: 'guestBarred' as 'internal' })).toBe(
      'Something this version has no words for (failures.guestBarred). Update Plate.',
    )
  })

  test('a failure of an older Plate keeps its sentence', () => {
    const old = { code: 'soldOut', message: 'Bass is 86.' } as const
    expect(words.failure(old)).toBe('Bass is 86.')
  })
})
