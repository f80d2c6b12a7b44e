/** @file The command line as people type it. Pure. */
import { expect, test } from 'vitest'
import { parseArguments, windowChoice } from '../../../main/electron/arguments.ts'

test('reads windows and switches, with = or a blank', () => {
  const asked = parseArguments([
    '.',
    '--window=kitchen:grill',
    '--window',
    'expo',
    '--kiosk',
    '--data=/tmp/x',
  ])
  expect(asked.windows).toEqual([
    { role: 'kitchen', station: 'grill' },
    { role: 'expo', station: null },
  ])
  expect(asked).toMatchObject({ kiosk: true, demo: undefined, devtools: false, quit: false, data: '/tmp/x' })
})

test('reads the training evening with and without a speed', () => {
  expect(parseArguments(['--demo']).demo).toBe(1)
  expect(parseArguments(['--demo=12']).demo).toBe(12)
  expect(parseArguments(['--demo=fast'])).toMatchObject({
    demo: undefined,
    problems: [expect.stringContaining('--demo=fast')],
  })
})

test('reads the port for other devices', () => {
  expect(parseArguments([]).tlsPort).toBe(4681)
  expect(parseArguments(['--tls-port=0']).tlsPort).toBe(0)
  expect(parseArguments(['--tls-port=x'])).toMatchObject({ tlsPort: 4681, problems: [expect.any(String)] })
})

test('names what it does not understand and goes on', () => {
  const { windows, problems } = parseArguments(['--window=bar', '--window=expo:grill', '--window=console'])
  expect(windows).toEqual([{ role: 'console', station: null }])
  expect(problems).toHaveLength(2)
})

test.each([
  ['kitchen', { role: 'kitchen', station: null }],
  ['kitchen:a:b', { role: 'kitchen', station: 'a:b' }],
  ['manager:grill', undefined],
  [`kitchen:${'x'.repeat(65)}`, undefined],
  ['', undefined],
])('%s', (text, choice) => {
  expect(windowChoice(text)).toEqual(choice)
})

test('an option without its value is ignored', () => {
  expect(parseArguments(['--window', '--data']).windows).toEqual([])
  expect(parseArguments(['--data']).data).toBeUndefined()
})
