/** @file Codes of what the hub tells those who reach it over the network, and of what is the matter there, with their parameters. Pure. */
import type { Table } from './message.ts'

export const hub = {
  // Its pages.
  title: ['name'],
  /** A link to a window; `screen` is its folder's name. */
  screen: ['screen'],
  allScreens: [],
  certificate: [],
  notSignedIn: [],
  /** The way in from the hub's own machine. */
  ownLink: [],
  noScreen: [],
  /** Where a sign-in link leads. */
  linkNowhere: [],
  nothingHere: [],
  addressNowhere: [],

  // Plain answers to programs and to whoever looks after the hub.
  noCertificate: [],
  metricsRefused: [],
  /** The hub was reached by a name that is not its own. */
  notCalled: ['host'],
  otherName: [],
  noPath: [],
  storeSilent: [],

  // Its ports. `flag` is the option that chooses another one; `detail` is what the system said.
  portTaken: ['port', 'flag'],
  portForbidden: ['port', 'flag'],
  portFailed: ['port', 'detail'],

  // Reaching another Plate PC.
  noAddress: ['address'],
  notSecure: ['address'],
  unreachable: ['address', 'detail'],
  silent: ['address'],
  refused: ['address', 'detail'],
  noProof: [],
  otherProof: ['address'],
  /** At the first contact: the certificate is not the one that the other end speaks of. */
  falseProof: ['address'],
  notPlate: ['address'],
  tooLong: [],

  // The program `plate-hub`.
  notRunning: ['folder'],
  noAnswer: ['address'],
  /** `message`: why it cannot start on this disk yet. */
  noScreensYet: ['message'],
  hasRestaurant: ['restaurant', 'address'],
  noRestaurant: [],
  connected: ['restaurant'],
  connectedAgain: ['restaurant'],
  /** `remedy`: what the variables have to do with it, or null. */
  notConnected: ['message', 'remedy'],
  notYetConnected: ['message'],
  lookAtProject: [],
  newCode: [],

  /** Anything that has no words of its own: what the system said. */
  fault: ['detail'],
} as const satisfies Table
