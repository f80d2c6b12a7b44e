/** @file The web server adapter's exports: the hub for composition roots, and how a second program finds it. */
export { createHubServer, type HubOptions, type HubServer } from './hub.ts'
export { readLocalKey, readRunning } from './keep.ts'
export { ListenError } from './listeners.ts'
