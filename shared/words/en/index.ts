/** @file English, the first language: all areas of the catalogue, and the names of what messages only hold a code of. Pure. */
import type { ItemFields } from '../../domain/order.ts'
import type { OrderFields } from '../../domain/order-fields.ts'
import type { Page } from '../../domain/roles.ts'
import { alarms } from './alarms.ts'
import { audit } from './audit.ts'
import { cloud } from './cloud.ts'
import { conflicts } from './conflicts.ts'
import { failures } from './failures.ts'
import { hub } from './hub.ts'
import { issues } from './issues.ts'
import { store } from './store.ts'

export const en = {
  failures,
  alarms,
  audit,
  cloud,
  conflicts,
  hub,
  issues,
  store,

  /** A parameter that is empty, by its name. */
  absent: {
    because: 'It does not say why.',
    dish: 'this item',
    reason: 'no reason given',
    what: 'all of it',
    who: 'somebody',
  },
  /** Of a parameter `field`: a field of an order or an item. */
  fields: {
    quantity: 'the quantity',
    modifiers: 'the modifiers',
    note: 'the note',
    seat: 'the seat',
    course: 'the course',
    allergies: 'the allergies',
    table: 'the table',
    covers: 'the covers',
    server: 'the server',
    priority: 'the priority',
  } satisfies Record<keyof (OrderFields & ItemFields), string>,
  /** Of a parameter `document`. */
  documents: {
    menu: 'the menu',
    floor: 'the floor',
    stations: 'the stations',
    staff: 'the staff',
    settings: 'the settings',
  },
  /** Of a parameter `screen`: a window, by the name of its folder. */
  screens: {
    kitchen: 'Kitchen display',
    expo: 'Expo',
    console: 'Order console',
    manager: 'Manager',
    join: 'Join as a new screen',
  } satisfies Record<Page | 'join', string>,
  /** Of a parameter `role`, and each of `roles`. */
  roles: {
    server: 'server',
    cook: 'cook',
    expo: 'expo',
    host: 'host',
    manager: 'manager',
    admin: 'admin',
  },
  /** Of a parameter `input`: what somebody typed, or a program sent. */
  inputs: {
    restaurantName: 'The name of the restaurant',
    ownName: 'Your name',
    personName: 'The name',
    staffId: 'The id of the staff member',
    deviceName: 'The name of the device',
    coreId: 'The id of the core',
    version: 'The version',
    letter: 'The letter',
    role: 'The role',
  },
  /** Something that a newer Plate says. */
  unknown: 'Something this version has no words for ({{code}}). Update Plate.',
} as const
