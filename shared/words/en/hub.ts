/** @file English: what the hub tells over the network. Pure. */
import type { hub as codes } from '../../domain/messages/hub.ts'
import type { Catalogue } from '../catalogue.ts'

export const hub = {
  title: 'Plate – {{name}}',
  screen: '{{screen}}',
  allScreens: 'All screens',
  certificate: 'Certificate of this hub',
  notSignedIn: 'Not signed in',
  ownLink: 'This link works only on the computer that runs the hub, with the key the hub shows at its start.',
  noScreen: 'No such screen',
  linkNowhere: 'The link leads to no screen of this hub.',
  nothingHere: 'Nothing here',
  addressNowhere: 'This address leads to no screen of this hub.',

  noCertificate: 'This hub has no certificate yet: switch the local network on.',
  metricsRefused: 'Metrics are for this machine, or for the bearer of METRICS_TOKEN.',
  notCalled: 'This hub is not called "{{host}}". Add it with --host-name.',
  otherName: 'This hub has another name.',
  noPath: 'No such path.',
  storeSilent: 'The store does not answer.',

  portTaken:
    'Port {{port}} is already in use, perhaps by another Plate on this computer. Stop that program, or choose another port with {{flag}}.',
  portForbidden: 'Port {{port}} needs administrator rights. Choose one above 1023 with {{flag}}.',
  portFailed: 'Cannot listen on port {{port}}: {{detail}}',

  noAddress: '“{{address}}” is not an address such as 192.168.1.20:4681.',
  notSecure: '{{address}} is not a wss:// address.',
  unreachable: 'Cannot reach {{address}}: {{detail}}',
  silent: '{{address}} does not answer.',
  refused: '{{address}} refused: {{detail}}',
  noProof: 'The other Plate PC showed no certificate.',
  otherProof: '{{address}} has another certificate than the one it was joined with.',
  falseProof: '{{address}} has another certificate than it says: somebody may be in between.',
  notPlate: '{{address}} did not answer like a Plate PC.',
  tooLong: 'The answer is too long for a Plate PC.',

  notRunning: 'No hub runs with the data in {{folder}}. Start it first, or give --data.',
  noAnswer: 'The hub does not answer at {{address}}. Start it again.',
  noScreensYet: '{{message}} Until then there are no screens; this is tried again by itself.',
  hasRestaurant: 'This hub belongs to {{restaurant}} ({{address}}) already; PLATE_DEVICE_CODE is not needed.',
  noRestaurant:
    'This hub belongs to no restaurant yet: put a manager’s device code into PLATE_DEVICE_CODE and start it again.',
  connected: 'Connected to {{restaurant}}.',
  connectedAgain: 'Connected to {{restaurant}}. Starting again with the orders of that restaurant.',
  notConnected: '{{message}} {{remedy}}',
  notYetConnected: 'Not connected yet, this hub tries again by itself. {{message}}',
  lookAtProject: 'Look at PLATE_SUPABASE_URL and PLATE_SUPABASE_KEY.',
  newCode: 'Put a new code into PLATE_DEVICE_CODE.',

  fault: '{{detail}}',
} as const satisfies Catalogue<typeof codes>
