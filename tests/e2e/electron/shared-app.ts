/** @file One app for all tests of a file, for tests that leave it as it was. Makes and removes its data folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from '@playwright/test'
import { type LaunchOptions, launch, type PlateApp } from './app.ts'

/** Starts an app before the tests of this file and closes it after them; the function answers it. */
export function sharedApp(options: LaunchOptions): () => PlateApp {
  let plate: PlateApp | undefined
  let data = ''
  test.beforeAll(async () => {
    data = await mkdtemp(path.join(tmpdir(), 'plate-e2e-'))
    plate = await launch(data, options)
  })
  test.afterAll(async () => {
    await plate?.close()
    await rm(data, { recursive: true, force: true, maxRetries: 5 })
  })
  return () => {
    if (!plate) throw new Error('the app did not start')
    return plate
  }
}
