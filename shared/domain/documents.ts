/** @file The versioned documents (menu, floor, stations, staff, settings): their shapes and limits; members that no shape has are kept. Pure. */
import * as z from 'zod/mini'
import { keySchema as key } from './keys.ts'
import { STAFF_ROLES } from './roles.ts'

const label = z.string().check(z.minLength(1), z.maxLength(120))
const cents = z.int().check(z.gte(-10_000_00), z.lte(100_000_00))
const unit = z.number().check(z.gte(0), z.lte(1))

/** The 14 allergens of EU regulation 1169/2011, annex II. */
export const ALLERGENS = [
  'gluten',
  'crustaceans',
  'eggs',
  'fish',
  'peanuts',
  'soybeans',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
] as const

export type Allergen = (typeof ALLERGENS)[number]

/** Where an item is made: each entry is one task; tasks of a later `step` wait for all of the steps before. */
export const routeSchema = z
  .array(z.object({ station: key, step: z.int().check(z.gte(1), z.lte(9)) }))
  .check(z.maxLength(8))
export type Route = z.infer<typeof routeSchema>

export const menuSchema = z.object({
  courses: z.array(z.object({ id: key, name: label, order: z.int() })).check(z.maxLength(20)),
  categories: z
    .array(z.object({ id: key, name: label, course: z.optional(key), route: z.optional(routeSchema) }))
    .check(z.maxLength(200)),
  modifierGroups: z
    .array(
      z.object({
        id: key,
        name: label,
        min: z.int().check(z.gte(0), z.lte(20)),
        max: z.int().check(z.gte(1), z.lte(20)),
        options: z
          .array(
            z.object({
              id: key,
              name: label,
              price: cents,
              allergens: z.optional(z.array(z.enum(ALLERGENS))),
            }),
          )
          .check(z.minLength(1), z.maxLength(60)),
      }),
    )
    .check(z.maxLength(500)),
  items: z
    .array(
      z.object({
        id: key,
        name: label,
        category: key,
        price: cents,
        course: z.optional(key),
        allergens: z.array(z.enum(ALLERGENS)),
        modifierGroups: z.array(key).check(z.maxLength(20)),
        route: z.optional(routeSchema),
      }),
    )
    .check(z.maxLength(2000)),
})
export type Menu = z.infer<typeof menuSchema>
export type MenuItem = Menu['items'][number]

export const floorSchema = z.object({
  areas: z.array(z.object({ id: key, name: label })).check(z.maxLength(50)),
  tables: z
    .array(
      z.object({
        id: key,
        name: label,
        area: key,
        seats: z.int().check(z.gte(1), z.lte(100)),
        /** Place and size on the plan, as shares (0–1) of the area's width and height. */
        x: unit,
        y: unit,
        w: unit,
        h: unit,
        shape: z.enum(['round', 'square']),
      }),
    )
    .check(z.maxLength(500)),
})
export type Floor = z.infer<typeof floorSchema>

export const stationsSchema = z.object({
  stations: z
    .array(
      z.object({
        id: key,
        name: label,
        /** Ticket age (s) at which a ticket turns yellow, then red. */
        warnAfter: z.int().check(z.gte(10), z.lte(86_400)),
        lateAfter: z.int().check(z.gte(10), z.lte(86_400)),
      }),
    )
    .check(z.maxLength(100)),
  /** Where items go that neither their menu item nor their category routes; without it they go to the expo with an alarm. */
  defaultStation: z.optional(key),
})
export type Stations = z.infer<typeof stationsSchema>

export const staffSchema = z.object({
  /** Salt of all PIN hashes (hex). One salt for the restaurant, so that a PIN alone finds its owner in one hash. */
  salt: z.string().check(z.maxLength(128)),
  members: z
    .array(
      z.object({
        id: key,
        name: label,
        role: z.enum(STAFF_ROLES),
        active: z.boolean(),
        /** scrypt hash (hex) of the PIN; never leaves the core. */
        pinHash: z.optional(z.string().check(z.maxLength(256))),
      }),
    )
    .check(z.maxLength(1000)),
})
export type Staff = z.infer<typeof staffSchema>

export const settingsSchema = z.object({
  name: label,
  currency: z.string().check(z.length(3)),
  locale: z.string().check(z.maxLength(35)),
  timeZone: z.string().check(z.maxLength(64)),
  /** When the business day ends, in minutes after local midnight. */
  dayCutoff: z.int().check(z.gte(0), z.lte(720)),
  /** True while the shipped demo restaurant with its published PINs is in use. */
  demo: z.boolean(),
})
export type Settings = z.infer<typeof settingsSchema>

/** All documents by name. */
export const documentSchemas = {
  menu: menuSchema,
  floor: floorSchema,
  stations: stationsSchema,
  staff: staffSchema,
  settings: settingsSchema,
} as const
export type DocumentName = keyof typeof documentSchemas
export const DOCUMENT_NAMES = Object.keys(documentSchemas) as DocumentName[]
export type DocumentBodies = { [N in DocumentName]: z.infer<(typeof documentSchemas)[N]> }

/** What stands before anything was published: an empty restaurant that routes everything to the expo. */
export const EMPTY_DOCUMENTS: DocumentBodies = {
  menu: { courses: [], categories: [], modifierGroups: [], items: [] },
  floor: { areas: [], tables: [] },
  stations: { stations: [] },
  staff: { salt: '', members: [] },
  settings: {
    name: 'Restaurant',
    currency: 'EUR',
    locale: 'en',
    timeZone: 'UTC',
    dayCutoff: 240,
    demo: false,
  },
}
