/** @file The preferences that keep pages in their sandbox: changing one must fail here first. Pure. */
import { expect, test } from 'vitest'
import { locked, webPreferences } from '../../../main/electron/preferences.ts'

test('every window is sandboxed, isolated and without Node', () => {
  const closed = {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: false,
  }
  expect(locked(false)).toEqual(closed)
  expect(webPreferences('/preload.cjs', false)).toEqual({
    ...closed,
    preload: '/preload.cjs',
    backgroundThrottling: false,
  })
  expect(webPreferences('/preload.cjs', true).devTools).toBe(true)
})
