/** @file Text as people and programs send it, and as it is kept. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_DOCUMENTS } from '../../../shared/domain/documents.ts'
import { storable, textSchema, typedText } from '../../../shared/domain/keys.ts'
import { BURGER, bodies, Kitchen, line, ORDER, placing } from './kit.ts'

/** Every code unit there is, halves of characters included. */
const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
const text = fc.oneof(
  units.map((codes) => String.fromCharCode(...codes)),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

describe('typed text', () => {
  test.each([
    ['Windows line ends', 'a\r\nb\rc', 'a\nb\nc'],
    ['line ends of mainframes and of Unicode', 'a\u0085b\u2028c\u2029d', 'a\nb\nc\nd'],
    ['control characters', '\u001b[31mred\u0000\u0007\u009b', '[31mred'],
    ['tabs stay', 'a\tb', 'a\tb'],
    ['half an emoji', 'nuts \ud83e!', 'nuts \ufffd!'],
    ['a letter and its accent', 'cre\u0300me', 'cr\u00e8me'],
    ['direction, joiners and emoji stay', 'بدون\u200f 👩‍🍳', 'بدون\u200f 👩‍🍳'],
  ])('%s', (_what, typed, kept) => {
    expect(typedText(typed)).toBe(kept)
    expect(textSchema(40).parse(typed)).toBe(kept)
  })

  test('whatever comes: well-formed, without control characters, the same a second time, and nothing else is gone', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const kept = typedText(typed)
        expect(kept.isWellFormed()).toBe(true)
        expect(kept).not.toMatch(/(?![\t\n])\p{Cc}/u)
        expect(typedText(kept)).toBe(kept)
        const seen = (one: string) =>
          one
            .toWellFormed()
            .normalize('NFC')
            .replace(/[\p{Cc}\u2028\u2029]/gu, '')
        expect(seen(kept)).toBe(seen(typed.replace(/(?![\t\n])\p{Cc}/gu, '')))
      }),
      { numRuns: 500 },
    )
  })

  test('the limit counts what is kept', () => {
    expect(textSchema(2).safeParse('a\u0000b').success).toBe(true)
    expect(textSchema(2).safeParse('abc').success).toBe(false)
  })

  test('an order with any of it is taken', () => {
    const kitchen = new Kitchen()
    kitchen.do('placeOrder', {
      ...placing([line(BURGER, 'burger', { note: 'no\u0085onion\ud800' })]),
      note: 'window\r\nseat',
    })
    expect(kitchen.see('open')).toMatchObject({ note: 'window\nseat', items: [{ note: 'no\nonion\ufffd' }] })
    kitchen.do('changeOrder', { order: ORDER, note: 'a\u0007b' })
    expect(kitchen.see('open')?.note).toBe('ab')
  })
})

describe('a document', () => {
  test('holds nothing that a database cannot, also in members of a later version', () => {
    const kitchen = new Kitchen()
    const areas = [{ id: 'a', name: 'Ter\0race\ud800', later: { 'x\0': ['\udc00', 1] } }]
    kitchen.do('publishDocument', { name: 'floor', base: 1, body: { ...EMPTY_DOCUMENTS.floor, areas } })
    expect(kitchen.state.documents.floor.body).toMatchObject({
      areas: [{ id: 'a', name: 'Terrace\ufffd', later: { x: ['\ufffd', 1] } }],
    })
  })

  test('that holds only what a database can stays as it is', () => {
    expect(storable(bodies)).toEqual(bodies)
  })
})
