/** @file The hub's environment, `.env` files and wishes about Supabase. Makes folders of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArguments } from '../../../main/headless/arguments.ts'
import { withEnvFiles } from '../../../main/headless/environment.ts'
import { readCloudWish } from '../../../main/headless/supabase.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plate-env-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function dir(name: string, text?: string): string {
  const at = path.join(folder, name)
  mkdirSync(at, { recursive: true })
  if (text !== undefined) writeFileSync(path.join(at, '.env'), text)
  return at
}

describe('.env files', () => {
  test('the environment counts before the data folder, that before the working directory', () => {
    const here = dir('here', 'A=here\nB=here\nC=here\nD=here # why\n')
    const data = dir('data', 'export B=data\nC="data"\nA=\n')
    expect(withEnvFiles({ C: 'set', E: '1' }, here, data)).toMatchObject({
      A: '',
      B: 'data',
      C: 'set',
      D: 'here',
      E: '1',
    })
    expect(withEnvFiles({ A: '' }, here)).toMatchObject({ A: '', B: 'here' })
    expect(process.env.B).toBeUndefined()
  })

  test('without files it is the environment; a folder that is not there yet is none', () => {
    expect(withEnvFiles({ A: '1' }, dir('empty'), path.join(folder, 'new', 'folder'))).toEqual({ A: '1' })
  })

  test('one that cannot be read is named', () => {
    const odd = dir('odd')
    mkdirSync(path.join(odd, '.env'))
    expect(() => withEnvFiles({}, odd)).toThrow(path.join(odd, '.env'))
  })
})

describe('a restaurant in Supabase', () => {
  const env = { PLATE_SUPABASE_URL: 'https://abc.supabase.co', PLATE_SUPABASE_KEY: 'sb_publishable_x' }

  test('is wished for with address and key; code and direction may come later', () => {
    expect(readCloudWish({})).toBeNull()
    expect(readCloudWish({ PLATE_SUPABASE_URL: '', PLATE_DEVICE_CODE: '' })).toBeNull()
    const project = { url: 'https://abc.supabase.co', key: 'sb_publishable_x' }
    expect(readCloudWish(env)).toEqual({ project, code: undefined, take: null })
    expect(
      readCloudWish({ ...env, PLATE_DEVICE_CODE: ' AB12C-DE34F ', PLATE_SUPABASE_TAKE: 'download' }),
    ).toEqual({ project, code: 'AB12C-DE34F', take: 'download' })
  })

  test.each([
    [{ PLATE_DEVICE_CODE: 'AB12C-DE34F' }, 'PLATE_SUPABASE_URL'],
    [{ PLATE_SUPABASE_URL: 'https://abc.supabase.co' }, 'PLATE_SUPABASE_KEY'],
    [{ ...env, PLATE_SUPABASE_KEY: ' ' }, 'PLATE_SUPABASE_KEY'],
    [{ ...env, PLATE_SUPABASE_TAKE: 'both' }, 'PLATE_SUPABASE_TAKE'],
  ])('%j ends the start with a sentence', (given, words) => {
    const wanted = readArguments([], given)
    expect(wanted).toMatchObject({ run: 'complain', message: expect.stringContaining(words) })
  })
})
