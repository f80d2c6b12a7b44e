/** @file The rights matrix, written out: every role against every command and read. */
import { describe, expect, test } from 'vitest'
import { COMMAND_NAMES, type CommandName } from '../../../shared/domain/commands.ts'
import { mayRead, maySend, READ_RIGHTS, type ReadName } from '../../../shared/domain/rights.ts'
import { ROLES, SCREEN_KINDS, SCREEN_ROLE } from '../../../shared/domain/roles.ts'
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
  acknowledge: '.xx.xx..',
  setStock: '.xxxxx..',
  publishDocument: '....xx..',
}
const READS: Record<ReadName, string> = {
  tickets: 'xxxxxxxx',
  documents: 'xxxxxxxx',
  stock: 'xxxxxxxx',
  status: 'xxxxxxxx',
  recentTickets: 'xxxxxxxx',
  order: 'xxxxxx..',
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
    kitchen.do('bumpTicket', { order: ORDER, station: 'pizza' })
    kitchen.refuses('signInNeeded', 'voidItem', { order: ORDER, item: uuid(9), reason: '' })
  })

  test('every kind of screen has a role', () => {
    for (const kind of SCREEN_KINDS) expect(ROLES).toContain(SCREEN_ROLE[kind])
  })
})
