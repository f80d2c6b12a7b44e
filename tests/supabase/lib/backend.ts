/** @file The backend a test file works on: a database of its own, clients of all kinds, people and devices. Local, or the real project in the environment. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { type Faults, noFaults } from '../../../build/supabase/faults.ts'
import { openLocal } from './local.ts'
import { type BackendOptions, openReal, type Project } from './project.ts'
import { realProject } from './where.ts'

export { needs } from './where.ts'
export type { Faults }

export type Role = 'server' | 'cook' | 'expo' | 'host' | 'manager' | 'admin'

export interface TestBackend {
  url: string
  publishableKey: string
  secretKey: string
  /** As the owner of the tables, past RLS. Needs 'sql'. */
  sql<T = Record<string, unknown>>(text: string, params?: unknown[]): Promise<T[]>
  /** Needs 'faults'. */
  faults: Faults
  /** The same port and database; all sockets die. Needs 'faults'. */
  restart(): Promise<void>
  /** A new restaurant with an admin; its id. */
  restaurant(name?: string): Promise<string>
  /** Somebody with this role, signed in with a password. */
  person(restaurant: string, role: Role, staffId?: string): Promise<SupabaseClient>
  /** A PC that was let in: anonymous and claimed. */
  device(restaurant: string, name?: string): Promise<SupabaseClient>
  /** A code with which one PC can claim its place. */
  deviceCode(restaurant: string, name?: string): Promise<string>
  anon(): SupabaseClient
  service(): SupabaseClient
  close(): Promise<void>
}

const PASSWORD = 'correct horse battery'

/** The data, or an error that says which call failed. */
function unwrap<A extends { data: unknown; error: { message: string } | null }>(
  what: string,
  { data, error }: A,
): NonNullable<A['data']> {
  if (error || data === null || data === undefined)
    throw new Error(`${what}: ${error?.message ?? 'no answer'}`)
  return data
}

function people(project: Project, connect: (key: string) => SupabaseClient) {
  const admins = new Map<string, SupabaseClient>()

  async function account(): Promise<{ client: SupabaseClient; email: string }> {
    const email = `${crypto.randomUUID()}@plate.test`
    const made = await connect(project.secretKey).auth.admin.createUser({
      email,
      password: PASSWORD,
      email_confirm: true,
    })
    unwrap('createUser', made)
    const client = connect(project.publishableKey)
    unwrap('sign in', await client.auth.signInWithPassword({ email, password: PASSWORD }))
    return { client, email }
  }

  function adminOf(restaurant: string): SupabaseClient {
    const admin = admins.get(restaurant)
    if (!admin) throw new Error(`The restaurant ${restaurant} was not made by this backend's restaurant()`)
    return admin
  }

  async function deviceCode(restaurant: string, name = 'Test PC'): Promise<string> {
    const args = { p_restaurant: restaurant, p_name: name }
    return unwrap('create_device_code', await adminOf(restaurant).rpc('create_device_code', args)).code
  }

  return {
    deviceCode,
    async restaurant(name = 'Test kitchen'): Promise<string> {
      const { client } = await account()
      const args = { p_name: name, p_person: 'Test admin' }
      const { restaurant } = unwrap('create_restaurant', await client.rpc('create_restaurant', args))
      admins.set(restaurant, client)
      return restaurant
    },
    async person(restaurant: string, role: Role, staffId?: string): Promise<SupabaseClient> {
      const { client, email } = await account()
      const args = {
        p_restaurant: restaurant,
        p_email: email,
        p_role: role,
        p_staff_id: staffId ?? null,
        p_name: role,
      }
      const { error } = await adminOf(restaurant).rpc('set_person', args)
      if (error) throw new Error(`set_person: ${error.message}`)
      return client
    },
    async device(restaurant: string, name = 'Test PC'): Promise<SupabaseClient> {
      const code = await deviceCode(restaurant, name)
      const client = connect(project.publishableKey)
      unwrap('anonymous sign-in', await client.auth.signInAnonymously())
      const args = {
        p_code: code,
        p_core: crypto.randomUUID(),
        p_name: name,
        p_letter: '',
        p_version: '0.0.0',
      }
      unwrap('claim_device', await client.rpc('claim_device', args))
      return client
    },
  }
}

/**
 * Opens a backend for one test file; close it in afterAll.
 * Outside vitest (a benchmark, an end-to-end test) it starts a PostgreSQL of its own.
 */
export async function openBackend(options: BackendOptions = {}): Promise<TestBackend> {
  const real = realProject()
  const project = real ? openReal(real) : await openLocal(options)
  const clients: SupabaseClient[] = []

  function connect(key: string): SupabaseClient {
    const client = createClient(project.url, key, {
      auth: { persistSession: false, autoRefreshToken: false },
    })
    clients.push(client)
    return client
  }

  return {
    ...people(project, connect),
    url: project.url,
    publishableKey: project.publishableKey,
    secretKey: project.secretKey,
    sql: project.sql,
    faults: project.faults ?? noFaults(),
    restart: project.restart,
    anon: () => connect(project.publishableKey),
    service: () => connect(project.secretKey),
    async close() {
      await Promise.all(clients.map((client) => client.removeAllChannels()))
      await project.close()
    },
  }
}
