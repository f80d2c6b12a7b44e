/** @file The rights matrix, written out: every role against every command and read. */
import { describe, expect, test } from 'vitest'
import { COMMAND_NAMES, type CommandName } from '../../../shared/domain/commands.ts'
import {
  mayAsk,
  mayRead,
  maySee,
  maySend,
  READ_RIGHTS,
  type ReadName,
  rolesOf,
} from '../../../shared/domain/rights.ts'
import {
  ROLES,
  SCREEN_KINDS,
  SCREEN_ROLE,
  type ScreenKind,
  STAFF_ROLES,
} from '../../../shared/domain/roles.ts'
import type { TicketFilter } from '../../../shared/domain/view.ts'
import { busy, Kitchen, line, ORDER, PIZZA, placing, uuid } from './kit.ts'

/** Columns as in ROLES: server, cook, expo, host, manager, admin, device, peer. */
const COMMANDS: Record<CommandName, string> = {
  placeOrder: 'x.xxxx..',
  addItems: 'x.xxxx..',
  changeItem: 'x.xxxx..',
  splitItem: 'x.xxxx..',
  voidItem: 'x.xxxx..',
  cancelOrder: 'x..xxx..',
  changeOrder: 'x.xxxx..',
  fireCourse: 'x.xxxx..',
  fireItems: 'x.xxxx..',
  startTask: '.xx.xx..',
  bumpTask: '.xx.xx..',
  bumpTicket: '.xx.xx..',
  recallTask: '.xx.xx..',
  recallTicket: '.xx.xx..',
  serve: 'x.xxxx..',
  undo: 'xxxxxx..',
  acknowledge: '.xx.xx..',
  setStock: '.xxxxx..',
  publishDocument: '....xx..',
}
const READS: Record<ReadName, string> = {
  tickets: 'xxxxxx..',
  documents: 'xxxxxxx.',
  stock: 'xxxxxxx.',
  status: 'xxxxxxx.',
  recentTickets: 'xxxxxx..',
  order: 'x.xxxx..',
  audit: '....xx..',
  devices: '....xx..',
  pairing: '....xx..',
  ticketTimes: '....xx..',
  backups: '....xx..',
  cloud: '....xx..',
  peer: '.......x',
}

const row = (may: (role: (typeof ROLES)[number]) => boolean) =>
  ROLES.map((role) => (may(role) ? 'x' : '.')).join('')

describe('matrix', () => {
  test('is complete', () => {
    expect(Object.keys(COMMANDS).sort()).toEqual([...COMMAND_NAMES].sort())
    expect(Object.keys(READS).sort()).toEqual(Object.keys(READ_RIGHTS).sort())
  })

  test.each(COMMAND_NAMES)('%s', (name) => {
    expect(row((role) => maySend([role], name))).toBe(COMMANDS[name])
    expect(maySend([], name)).toBe(false)
  })

  test.each(Object.keys(READ_RIGHTS) as ReadName[])('read %s', (name) => {
    expect(row((role) => mayRead([role], name))).toBe(READS[name])
    expect(mayRead([], name)).toBe(false)
  })

  test('several roles add up', () => {
    expect(maySend(['cook', 'server'], 'placeOrder')).toBe(true)
    expect(maySend(['cook', 'server'], 'bumpTask')).toBe(true)
  })
})

describe('tickets', () => {
  const SCOPES: Record<string, TicketFilter> = {
    open: { scope: 'open' },
    expo: { scope: 'expo' },
    grill: { scope: 'station', station: 'grill' },
    bar: { scope: 'station', station: 'bar' },
  }
  /** Rows: kind of screen and the station it is bound to. Columns: nobody, then the people as in STAFF_ROLES: server, cook, expo, host, manager, admin. */
  const MATRIX: Record<keyof typeof SCOPES, Record<string, string>> = {
    open: {
      kitchen: '.x.xxxx',
      'kitchen grill': '.x.xxxx',
      expo: '.x.xxxx',
      console: '.x.xxxx',
      'console grill': '.x.xxxx',
      manager: '.x.xxxx',
    },
    expo: {
      kitchen: '.x.xxxx',
      'kitchen grill': '.x.xxxx',
      expo: 'xxxxxxx',
      console: '.x.xxxx',
      'console grill': '.x.xxxx',
      manager: '.x.xxxx',
    },
    grill: {
      kitchen: 'xxxxxxx',
      'kitchen grill': 'xxxxxxx',
      expo: 'xxxxxxx',
      console: '.xxxxxx',
      'console grill': '.xxxxxx',
      manager: '.xxxxxx',
    },
    bar: {
      kitchen: 'xxxxxxx',
      'kitchen grill': '.x.xxxx',
      expo: 'xxxxxxx',
      console: '.xxxxxx',
      'console grill': '.x.xxxx',
      manager: '.xxxxxx',
    },
  }
  const viewers = (where: string) => {
    const [screen, station = null] = where.split(' ') as [ScreenKind, string?]
    return [null, ...STAFF_ROLES].map((person) => ({ screen, station, person }))
  }
  const marks = (where: string, may: (viewer: ReturnType<typeof viewers>[number]) => boolean) =>
    viewers(where)
      .map((viewer) => (may(viewer) ? 'x' : '.'))
      .join('')
  const cells = Object.entries(MATRIX).flatMap(([scope, rows]) =>
    Object.entries(rows).map(([where, row]) => [scope, where, row] as const),
  )

  test.each(cells)('scope %s at %s', (scope, where, row) => {
    const filter = SCOPES[scope] as TicketFilter
    expect(marks(where, (viewer) => maySee(viewer, filter))).toBe(row)
    expect(marks(where, (viewer) => mayAsk(viewer, 'tickets', filter))).toBe(row)
  })

  test.each(Object.keys(MATRIX.open ?? {}))('queries show what boards would, at %s', (where) => {
    const rows = Object.fromEntries(Object.entries(MATRIX).map(([scope, all]) => [scope, all[where]]))
    expect(marks(where, (viewer) => mayAsk(viewer, 'order', { order: 'o' }))).toBe(rows.open)
    expect(marks(where, (viewer) => mayAsk(viewer, 'recentTickets', {}))).toBe(rows.expo)
    for (const station of ['grill', 'bar'])
      expect(marks(where, (viewer) => mayAsk(viewer, 'recentTickets', { station }))).toBe(rows[station])
  })

  test('are not for other Plate PCs, which only exchange events', () => {
    const peer = { screen: 'peer', station: null, person: null } as const
    for (const filter of Object.values(SCOPES)) expect(mayAsk(peer, 'tickets', filter)).toBe(false)
    const may = (Object.keys(READ_RIGHTS) as ReadName[]).filter((read) => mayAsk(peer, read, {}))
    expect(may).toEqual(['peer'])
    expect([mayAsk(peer, null, {}), mayAsk({ ...peer, screen: 'kitchen' }, null, {})]).toEqual([false, true])
  })

  test('other reads are by role alone', () => {
    for (const screen of SCREEN_KINDS)
      for (const person of [null, ...STAFF_ROLES]) {
        const viewer = { screen, station: 'grill', person }
        for (const read of ['documents', 'stock', 'status', 'audit', 'devices', 'cloud', 'peer'] as const)
          expect(mayAsk(viewer, read, {})).toBe(mayRead(rolesOf(viewer), read))
      }
  })
})

describe('decide', () => {
  test.each(COMMAND_NAMES)('refuses %s to a role without the right, whatever its arguments', (name) => {
    const kitchen = busy()
    for (const role of ROLES.filter((candidate) => !maySend([candidate], name))) {
      kitchen.roles = [role]
      const result = kitchen.try(name, { order: ORDER } as never, false)
      expect(result).toMatchObject({ ok: false, error: { code: 'notAllowed' } })
    }
  })

  test('asks an unknown person to sign in, and a kitchen screen to do what kitchens do', () => {
    const kitchen = new Kitchen()
    kitchen.staff = null
    kitchen.roles = [SCREEN_ROLE.console]
    kitchen.refuses('signInNeeded', 'placeOrder', placing([line(PIZZA, 'pizza')]))
    kitchen.roles = ['admin']
    kitchen.do('placeOrder', placing([line(PIZZA, 'pizza')]))
    kitchen.roles = [SCREEN_ROLE.kitchen]
    kitchen.do('bumpTicket', kitchen.all('pizza'))
    kitchen.refuses('signInNeeded', 'voidItem', { order: ORDER, item: uuid(9), reason: '' })
  })

  test('every kind of screen has a role', () => {
    for (const kind of SCREEN_KINDS) expect(ROLES).toContain(SCREEN_ROLE[kind])
  })
})
