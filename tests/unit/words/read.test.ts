/** @file Messages that were kept or sent are read as they are, and nothing else is taken for one. */
import { expect, test } from 'vitest'
import { say } from '../../../shared/domain/messages/index.ts'
import { readMessage } from '../../../shared/domain/messages/read.ts'

test.each([
  say('cloud.refused'),
  say('cloud.givenUp', { reason: 'Closed', count: 2 }),
  say('cloud.notTaken', {
    things: [say('cloud.order'), say('cloud.ticket', { number: '12' })],
    reason: say('cloud.behind'),
    todo: null,
  }),
  { code: 'cloud.ofTomorrow', params: { sure: true } },
])('%o', (message) => {
  expect(readMessage(JSON.parse(JSON.stringify(message)))).toEqual(message)
})

test.each([
  [null],
  ['cloud.refused'],
  [{}],
  [{ code: 7 }],
  [{ code: 'A sentence. Another.' }],
  [{ code: 'revoked' }],
  [{ code: 'cloud.refused', params: 'all' }],
  [{ code: 'cloud.refused', params: ['all'] }],
  [{ code: 'cloud.refused', params: { deep: { no: 'message' } } }],
  [{ code: 'cloud.refused', params: { list: [{ code: 'x' }] } }],
])('%o is none', (value) => {
  expect(readMessage(value)).toBeNull()
})
