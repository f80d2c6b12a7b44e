/** @file The rights matrix: everybody × every table and function × own and other restaurant; and that it notices when a right is loosened. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { got, idOf } from './lib/answers.ts'
import { needs, openBackend, type TestBackend } from './lib/backend.ts'
import {
  callingDifferences,
  parseTable,
  readingDifferences,
  uselessTables,
  writingDifferences,
} from './lib/matrix.ts'
import { CALLS, TABLES } from './lib/matrix-parts.ts'
import { buildWorld, type World } from './lib/matrix-world.ts'

/**
 * What everybody reads of their own restaurant. Of another one: nothing. Nobody inserts, updates or deletes anything.
 *
 * no: may not even ask · none: no rows · all: every row · mine: what is theirs · kitchen: what has reached the kitchen.
 * newcomer: signed in without a person, claimed nowhere · stranger: a person who works nowhere · service: the secret key.
 */
const READING = parseTable(`
                     anon newcomer stranger  server  cook     expo     host  manager  admin  device  revoked  service
restaurants          no   none     none      all     all      all      all   all      all    all     none     no
profiles             no   none     none      mine    mine     mine     mine  all      all    none    none     no
devices              no   none     none      none    none     none     none  all      all    all     none     no
device_codes         no   no       no        no      no       no       no    no       no     no      no       no
audit_log            no   none     none      none    none     none     none  all      all    none    none     no
order_events         no   none     none      none    none     none     none  none     none   all     none     no
order_archive        no   none     none      none    none     none     none  none     none   all     none     no
orders               no   none     none      mine    kitchen  kitchen  all   all      all    none    none     no
order_items          no   none     none      mine    kitchen  kitchen  all   all      all    none    none     no
stations             no   none     none      all     all      all      all   all      all    none    none     no
tables               no   none     none      all     all      all      all   all      all    none    none     no
seats                no   none     none      all     all      all      all   all      all    none    none     no
menu_categories      no   none     none      all     all      all      all   all      all    none    none     no
menu_items           no   none     none      all     all      all      all   all      all    none    none     no
menu_modifiers       no   none     none      all     all      all      all   all      all    none    none     no
stock                no   none     none      all     all      all      all   all      all    none    none     no
order_intake         no   none     none      mine    none     none     all   all      all    none    none     no
transcription_usage  no   none     none      none    none     none     none  all      all    none    none     no
`)

/** What becomes of everybody's call, about their own restaurant or the other one. */
const CALLING = parseTable(`
                          anon newcomer    stranger    server      cook        expo        host        manager     admin       device      revoked     service
check_project             ok   ok          ok          ok          ok          ok          ok          ok          ok          ok          ok          no
my_restaurants            no   ok          ok          ok          ok          ok          ok          ok          ok          ok          ok          no
claim_device              no   wrongCode   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  ok          revoked     no
append_events             no   notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  ok          revoked     no
pull_events               no   notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  ok          revoked     no
archived_events           no   notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  ok          revoked     no
archived_after            no   notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  ok          revoked     no
report_device             no   notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  ok          revoked     no
claim_intake              no   notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  ok          revoked     no
refuse_intake             no   notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  notClaimed  ok          revoked     no
create_device_code own    no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  ok          ok          notAllowed  notAllowed  no
create_device_code other  no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  no
revoke_device own         no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  ok          ok          notAllowed  notAllowed  no
revoke_device other       no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  no
readmit_device own        no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  ok          ok          notAllowed  notAllowed  no
readmit_device other      no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  no
set_person own            no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  ok          ok          notAllowed  notAllowed  no
set_person other          no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  no
remove_person own         no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  ok          ok          notAllowed  notAllowed  no
remove_person other       no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  no
place_order own           no   notAllowed  notAllowed  ok          notAllowed  ok          ok          ok          ok          notAllowed  notAllowed  no
place_order other         no   notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  notAllowed  no
order_status own          no   unknown     unknown     unknown     unknown     unknown     ok          ok          ok          unknown     unknown     no
order_status other        no   unknown     unknown     unknown     unknown     unknown     unknown     unknown     unknown     unknown     unknown     no
create_restaurant         no   notAllowed  ok          ok          ok          ok          ok          ok          ok          notAllowed  notAllowed  no
`)

describe('the rights matrix', needs('sql'), () => {
  let backend: TestBackend
  let world: World

  beforeAll(async () => {
    backend = await openBackend()
    world = await buildWorld(backend)
  })
  afterAll(() => backend.close())

  test('is about every table and every function there is', async () => {
    const tables = await backend.sql<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')",
    )
    const functions = await backend.sql<{ name: string }>(
      "select distinct proname as name from pg_proc where pronamespace = 'public'::regnamespace",
    )
    expect(Object.keys(READING).sort()).toEqual(tables.map(({ name }) => name).sort())
    expect(Object.keys(TABLES).sort()).toEqual(Object.keys(READING).sort())
    const called = new Set(Object.keys(CALLING).map((row) => row.split(' ')[0]))
    expect([...called].sort()).toEqual(functions.map(({ name }) => name).sort())
    expect(Object.keys(CALLS).sort()).toEqual([...called].sort())
  })

  test('has rows to hide in both restaurants', async () => {
    expect(await uselessTables(world)).toEqual([])
  })

  test('holds for reading every table', async () => {
    expect(await readingDifferences(world, READING)).toEqual([])
  })

  test('holds for writing any table', async () => {
    expect(await writingDifferences(world, Object.keys(READING))).toEqual([])
  })

  test('holds for every function', async () => {
    expect(await callingDifferences(world, CALLING)).toEqual([])
  })

  test('tells the orders of a server who works in both restaurants apart, though both know the same ids', async () => {
    const both = backend.anon()
    await both.auth.signUp({ email: `${crypto.randomUUID()}@plate.test`, password: 'long enough 1' })
    await backend.sql(
      "insert into profiles (user_id, restaurant_id, role, staff_id) values ($1, $2, 'server', 'anna'), ($1, $3, 'server', 'bob')",
      [await idOf(both), world.own.restaurant, world.other.restaurant],
    )
    const orders = got<{ restaurant_id: string; server_id: string }[]>(
      await both.from('orders').select('restaurant_id, server_id'),
    )
    const items = got<{ restaurant_id: string }[]>(await both.from('order_items').select('restaurant_id, id'))
    // The matrix knows one person for each staff member.
    await backend.sql('delete from profiles where user_id = $1', [await idOf(both)])
    const seen = new Set(orders.map((order) => `${order.restaurant_id} ${order.server_id}`))
    expect(seen).toEqual(new Set([`${world.own.restaurant} anna`, `${world.other.restaurant} bob`]))
    expect(orders).toHaveLength(4)
    expect(items).toHaveLength(6)
  })

  // Never on a project that others use: for a moment the right is loose.
  describe('notices', needs('faults'), () => {
    /** SQL that loosens a right, SQL that takes it back, the table it is about, and what must be noticed. */
    const loosened: [string, string, string, string, RegExp][] = [
      [
        'a policy that lets everybody read the log',
        'create policy loose on order_events for select to authenticated using (true)',
        'drop policy loose on order_events',
        'order_events',
        /^manager reads order_events: all, not none$/m,
      ],
      [
        'a policy that forgets the restaurant',
        'create policy loose on orders for select to authenticated using (in_kitchen)',
        'drop policy loose on orders',
        'orders',
        /^cook reads orders of another restaurant: \d+ rows$/m,
      ],
      [
        'a policy that lets servers read the orders of others',
        `create policy loose on orders for select to authenticated using (restaurant_id = any ((select private.works_in())::uuid[]))`,
        'drop policy loose on orders',
        'orders',
        /^server reads orders: all, not mine$/m,
      ],
      [
        'a table without row level security',
        'alter table profiles disable row level security',
        'alter table profiles enable row level security',
        'profiles',
        /^newcomer reads profiles of another restaurant: \d+ rows$/m,
      ],
      [
        'a grant to anon',
        'grant select on devices to anon',
        'revoke select on devices from anon',
        'devices',
        /^anon reads devices: none, not no$/m,
      ],
      [
        'a grant to the secret key',
        'grant select on device_codes to service_role',
        'revoke select on device_codes from service_role',
        'device_codes',
        /^service reads device_codes: all, not no$/m,
      ],
    ]
    const loosenedForWriting: typeof loosened = [
      [
        'a grant to insert, even without a policy',
        'grant insert on orders to authenticated',
        'revoke insert on orders from authenticated',
        'orders',
        /^cook may insert orders \(own\): no row$/m,
      ],
      [
        'a grant to update, even without a policy',
        'grant update on menu_items to authenticated',
        'revoke update on menu_items from authenticated',
        'menu_items',
        /^device may update menu_items \(other\): done$/m,
      ],
      [
        'a policy and a grant to delete',
        `grant delete on stock to authenticated;
       create policy loose on stock for delete to authenticated using (restaurant_id = any ((select private.works_in('cook'))::uuid[]))`,
        'revoke delete on stock from authenticated; drop policy loose on stock',
        'stock',
        /^cook may delete stock \(own\): done$/m,
      ],
    ]
    /** The differences found while a right is loose. */
    async function differences(
      loosen: string,
      tighten: string,
      find: () => Promise<string[]>,
    ): Promise<string> {
      await backend.sql(loosen)
      const found = await find().finally(() => backend.sql(tighten))
      return found.join('\n')
    }

    test.each(loosened)('%s', async (_, loosen, tighten, table, noticed) => {
      const find = () => readingDifferences(world, READING, [table])
      expect(await differences(loosen, tighten, find)).toMatch(noticed)
    })
    test.each(loosenedForWriting)('%s', async (_, loosen, tighten, table, noticed) => {
      const find = () => writingDifferences(world, [table])
      expect(await differences(loosen, tighten, find)).toMatch(noticed)
    })

    test('a function that is open to the world', async () => {
      const [loosen, tighten] = [
        'grant execute on function my_restaurants() to anon',
        'revoke execute on function my_restaurants() from anon',
      ]
      const { my_restaurants = fail('my_restaurants') } = CALLING
      const find = () => callingDifferences(world, { my_restaurants })
      expect(await differences(loosen, tighten, find)).toBe('anon calls my_restaurants: ok, not no')
    })
  })
})

function fail(what: string): never {
  throw new Error(`no row for ${what}`)
}
