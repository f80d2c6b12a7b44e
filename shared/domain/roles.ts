/** @file Who and what can act: roles of people, kinds of screens. Pure. */

/** Roles of people. */
export const STAFF_ROLES = ['server', 'cook', 'expo', 'host', 'manager', 'admin'] as const
/** Everyone who can act. `device` is a screen nobody has signed in at; `peer` is another Plate PC. */
export const ROLES = [...STAFF_ROLES, 'device', 'peer'] as const
export type Role = (typeof ROLES)[number]

/** The pages that people work at: each is a folder of `renderer`, a window of its own and an address of the hub. */
export const PAGES = ['kitchen', 'expo', 'console', 'manager'] as const
export type Page = (typeof PAGES)[number]

/** What a paired screen is for. It decides what the screen may do while nobody is signed in. */
export const SCREEN_KINDS = [...PAGES, 'peer'] as const
export type ScreenKind = (typeof SCREEN_KINDS)[number]

/** The role a screen has by itself, before anybody signs in: a kitchen display bumps without a PIN, a console does not order. */
export const SCREEN_ROLE: Readonly<Record<ScreenKind, Role>> = {
  kitchen: 'cook',
  expo: 'expo',
  console: 'device',
  manager: 'device',
  peer: 'peer',
}
