/** @file What the cloud's refusal of single events means for people, whoever wrote the words. */
import { expect, test } from 'vitest'
import { pushedOf } from '../../../main/adapters/supabase/refusals.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { createWords } from '../../../shared/words/index.ts'

const of = (code: string, message?: string) => pushedOf({ id: 'e', refused: { code, message } })

test('what was taken is passed on', () => {
  expect(pushedOf({ id: 'e', seq: 7 })).toEqual({ id: 'e', seq: 7 })
})

test.each([
  ['invalid', 'cloud.unreadable'],
  ['tooLarge', 'cloud.tooLarge'],
  ['unknownKind', 'cloud.unknownKind'],
  ['idTaken', 'cloud.idTaken'],
  ['behind', 'cloud.behind'],
])('%s is said by its code, whatever a project of version 0.1 says with it', (code, says) => {
  expect(of(code)).toEqual({ id: 'e', refused: { code, says: { code: says } } })
  expect(of(code, 'In other words.')).toEqual(of(code))
})

test('a code that is not known has the sentence that comes with it, or is a change that cannot be read', () => {
  expect(of('newer', 'In its words.')).toEqual({
    id: 'e',
    refused: { code: 'newer', says: say('cloud.saidBefore', { text: 'In its words.' }) },
  })
  for (const code of ['newer', 'constructor'])
    expect(of(code)).toEqual({ id: 'e', refused: { code, says: say('cloud.unreadable') } })
})

test('what a person can choose is said in the words of the buttons', () => {
  const { say: worded } = createWords()
  expect(worded(say('cloud.unknownKind'))).toMatch(/apply the newest migrations, then choose "Send again"\.$/)
  expect(worded(say('cloud.idTaken'))).toMatch(/choose "Give up" and enter it again\.$/)
})
