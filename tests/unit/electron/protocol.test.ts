/** @file plate:// stays inside its folder. Makes a folder of its own. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONTENT_SECURITY_POLICY, fileOf, pageHandler, segmentsOf } from '../../../main/electron/protocol.ts'

let folder = ''
let root = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plate-protocol-'))
  root = path.join(folder, 'renderer')
  await mkdir(path.join(root, 'kitchen'), { recursive: true })
  await mkdir(path.join(folder, 'renderer-other'))
  await writeFile(path.join(root, 'kitchen/index.html'), '<p>kitchen</p>')
  await writeFile(path.join(root, 'bell.wav'), 'RIFF')
  await writeFile(path.join(root, 'notes.txt'), 'no type of ours')
  await writeFile(path.join(root, '.hidden.html'), 'hidden')
  await writeFile(path.join(folder, 'secret.html'), 'secret')
  await writeFile(path.join(folder, 'renderer-other/secret.html'), 'secret')
  await symlink(path.join(folder, 'secret.html'), path.join(root, 'link.html'))
  await symlink(path.join(folder, 'renderer-other'), path.join(root, 'other'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a page is its folder, a file is itself', async () => {
  expect(segmentsOf('plate://app/kitchen/?station=grill#x')).toEqual(['kitchen', 'index.html'])
  expect(await fileOf(root, 'plate://app/kitchen/')).toMatch(/kitchen.index\.html$/)
  expect(await fileOf(root, 'plate://app/bell.wav')).toMatch(/bell\.wav$/)
})

test.each([
  'plate://app/../secret.html',
  'plate://app/%2e%2e/secret.html',
  'plate://app/..%2fsecret.html',
  'plate://app/..%5csecret.html',
  'plate://app/kitchen/..%2f..%2fsecret.html',
  'plate://app/%252e%252e/secret.html',
  'plate://app/C:%5cWindows/index.html',
  'plate://app/index.html:stream.html',
  'plate://app//secret.html',
  'plate://app/.hidden.html',
  'plate://app/kitchen/%00index.html',
  'plate://app/%E0%A4%A/index.html',
  'plate://app/link.html',
  'plate://app/other/secret.html',
  'plate://app/notes.txt',
  'plate://app/kitchen',
  'plate://app/missing/',
  'plate://other/kitchen/',
  'https://app/kitchen/',
])('%s is nothing', async (url) => {
  expect(await fileOf(root, url)).toBeUndefined()
})

test('answers have the right type and the strict headers', async () => {
  const answer = await pageHandler(root, new Map())(new Request('plate://app/kitchen/'))
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('<p>kitchen</p>')
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
  expect(
    (await pageHandler(root, new Map())(new Request('plate://app/bell.wav'))).headers.get('content-type'),
  ).toBe('audio/wav')
})

test('only GET, and nothing about what is not there', async () => {
  const handle = pageHandler(root, new Map())
  expect((await handle(new Request('plate://app/kitchen/', { method: 'POST' }))).status).toBe(405)
  const missing = await handle(new Request('plate://app/missing/'))
  expect(missing.status).toBe(404)
  expect(await missing.text()).not.toContain(folder)
})

test('pages made here have no scripts at all', async () => {
  const handle = pageHandler(root, new Map([['/trouble/x', '<p>sorry</p>']]))
  const answer = await handle(new Request('plate://app/trouble/x'))
  expect(await answer.text()).toBe('<p>sorry</p>')
  expect(answer.headers.get('content-security-policy')).not.toContain('script-src')
})

test('the policy allows no inline code, no evaluation and no other origin', () => {
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*|blob:/)
})
