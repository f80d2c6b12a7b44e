/** @file The Supabase CLI itself, at the version the docs name: it applies migrations and seed, and its advisors find nothing. Runs the CLI. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addresses } from '../../build/supabase/cluster.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import { publishedCluster } from './lib/where.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const CLI = path.join(ROOT, 'node_modules/supabase/dist/supabase.js')

/** Inlined into row security, where a setting of its own would forbid that; it names no table and calls nothing unqualified. */
const MEANT = ['function_search_path_mutable: Function `private.envelope` has a role mutable search_path']

describe('the Supabase CLI', needs('faults'), () => {
  let backend: TestBackend
  let project: string
  let address: string

  const cli = async (...args: string[]) => {
    const words = [CLI, ...args, `--remote=${address}`, '--workdir', project, '--yes']
    const env = { PATH: process.env.PATH, HOME: project, SUPABASE_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { env })
    return { stdout, all: stdout + stderr }
  }

  beforeAll(async () => {
    backend = await openBackend({ bare: true })
    const [row] = await backend.sql<{ name: string }>('select current_database() as name')
    address = addresses(publishedCluster() ?? 0).url(row?.name ?? '')
    // The CLI writes beside what it reads.
    project = mkdtempSync(path.join(tmpdir(), 'plate-cli-'))
    cpSync(path.join(ROOT, 'supabase'), path.join(project, 'supabase'), { recursive: true })
  })
  afterAll(async () => {
    await backend.close()
    rmSync(project, { recursive: true, force: true })
  })

  test('makes an empty project one that setup recognises; the second time there is nothing to do', async () => {
    const { all } = await cli('db', 'push', '--include-seed')
    expect(all).not.toMatch(/deprecated|no longer supported/)
    const { data } = await backend.anon().rpc('check_project')
    expect(data.schema).toBe(1)
    const login = { email: 'admin@copperpan.test', password: 'copper-pan' }
    expect((await backend.anon().auth.signInWithPassword(login)).error).toBeNull()
    expect((await cli('db', 'push')).all).toContain('up to date')
  })

  test('and its advisors have no warning about it', async () => {
    const { stdout } = await cli('db', 'advisors', '--level', 'warn', '--output-format', 'json')
    const { results } = JSON.parse(stdout) as { results: { name: string; detail: string }[] }
    expect(results.map(({ name, detail }) => `${name}: ${detail}`)).toEqual(MEANT)
  })
})
