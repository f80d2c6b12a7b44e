/** @file The contract suite over in-memory ports: what the core itself promises, before any transport. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Core } from '../../main/core/api.ts'
import { localPort, startTestCore, tempDir } from '../support/core.ts'
import { contractCases } from './cases.ts'

describe('contract over memory', () => {
  const folder = tempDir()
  let core: Core
  let devices = 0
  beforeAll(async () => {
    core = await startTestCore(folder.dir)
  })
  afterAll(async () => {
    await core.stop()
    folder.remove()
  })
  for (const { name, run } of contractCases) {
    test(name, () => run({ connect: async () => localPort(core, `device-${++devices}`) }))
  }
})
