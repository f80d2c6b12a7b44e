/** @file Proves the test runner itself works; touches nothing. */
import { expect, test } from 'vitest'

test('runs on the Node version the app ships with', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24)
})
