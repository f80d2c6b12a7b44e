/** @file What a local project is known by: keys, secret, lifetimes. Constants only. */

export interface ProjectKeys {
  publishableKey: string
  secretKey: string
  /** Signs the access tokens. */
  jwtSecret: string
}

/** Not secret: the backend listens on this computer only. Fixed, so that a device set up yesterday works today. */
export const LOCAL_KEYS: ProjectKeys = {
  publishableKey: 'sb_publishable_plate-local-development',
  secretKey: 'sb_secret_plate-local-development',
  jwtSecret: 'plate-local-development-at-least-32-characters',
}

/** Seconds an access token is valid, as on a new hosted project. */
export const JWT_EXPIRY = 3600
