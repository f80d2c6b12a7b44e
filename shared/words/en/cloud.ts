/** @file English: what stands between this PC and its Supabase project. Pure. */
import type { cloud as codes } from '../../domain/messages/cloud.ts'
import type { Catalogue } from '../catalogue.ts'

const ADDRESS_HELP =
  'Paste the project URL, such as https://abcdefghijklmnopqrst.supabase.co (in the dashboard under Project Settings → Data API).'
const SIGN_IN_PROVIDERS =
  'in the Supabase dashboard under Authentication → Sign In / Providers, then try again.'

export const cloud = {
  saidBefore: '{{text}}',

  triesAgain: 'Plate tries again by itself.',
  keepsAndTriesAgain: 'Plate keeps everything and tries again by itself.',
  tryAgain: 'Try again in a moment.',

  busy: 'The cloud has too much to do at the moment. {{next}}',
  away: 'The cloud does not answer properly at the moment. {{next}}',
  readOnly:
    'The Supabase project only allows reading at the moment, usually because its disk is full: look at its dashboard. {{next}}',
  notReady:
    'Something in the Supabase project is not as Plate needs it. Apply the migrations, and look at what was changed there lately (exposed schemas, functions, triggers). {{next}}',
  noSchema:
    'The Supabase project lacks tables or functions that this Plate needs. Apply the migrations: npx supabase@3 db push --remote=<project>.',
  unknownForm: '{{host}} answers in a form this Plate does not know. Apply the migrations, or update Plate.',
  tooLargeOnTheWay:
    'Something on the way to the cloud does not let changes of this size pass. Ask your IT person to raise its limit to 1 MB, then try again.',
  restricted: 'The Supabase project is restricted: {{text}}',
  quotaUsedUp: 'The Supabase project is restricted: its quota is used up.',
  paused: 'The Supabase project is paused. Restore it in its dashboard.',
  refused: 'The cloud refused this.',
  refusedWith: 'The cloud refused this: {{text}}',
  notAllowed: 'The cloud does not allow this device to do that.',
  wrongKey:
    'The project refuses this publishable key: it is wrong, or it was replaced. Copy it anew from the dashboard under Project Settings → API Keys.',
  sessionRefused: 'The cloud refuses its own session for now.',
  signedOut: 'This device’s access to the cloud has ended. Ask a manager for a new device code.',
  certificate:
    "The certificate of {{host}} is not trusted. Check this PC's date and time, and whether something on the network inspects connections.",
  hostNotFound: '{{host}} was not found. Check the internet connection and the address.',
  unreachable: '{{host}} cannot be reached. Check the internet connection.',
  noConnections: '{{host}} takes no connections at the moment. Check the address; if it is right, wait.',
  tooSlow: '{{host}} took too long to answer. {{next}}',
  breaksOff: 'The connection to {{host}} breaks off. {{next}}',
  putBack:
    'The database in the cloud was put back to an earlier state and lacks what this PC knows. This PC works on alone and keeps everything. Ask whoever looks after the database what to do.',

  databaseAddress: `This is the address of the database, with its password. ${ADDRESS_HELP}`,
  noAddress: `This is not the address of a Supabase project. ${ADDRESS_HELP}`,
  noSingleProject: `This page belongs to no single project. ${ADDRESS_HELP}`,
  notEncrypted: 'The address must begin with https://, so that nobody on the way can read along.',
  secretKey:
    'This is a secret key. Plate needs the publishable key. Whoever has the secret key can read and change everything: replace it in the dashboard if it was pasted anywhere else.',
  accountToken: 'This is an access token of a Supabase account. Plate needs the project’s publishable key.',
  noKey: 'This is no key. Plate needs the publishable key, which begins with sb_publishable_.',
  notSupabase: '{{host}} does not answer like a Supabase project. Check the address.',
  push: 'npx supabase@3 login && npx supabase@3 db push --remote={{project}}',
  pushToDatabase: 'npx supabase@3 db push --remote=<address of its database>',
  noTables: "This project has no tables for Plate yet. In Plate's folder run: {{command}}",
  oldTables: "This project's tables are older than this Plate. In Plate's folder run: {{command}}",

  wrongPassword:
    'The e-mail address or the password is wrong. Type both again; whoever looks after the Supabase project can set a new password there.',
  emailNotConfirmed:
    'This e-mail address is not confirmed yet. Open the link in the mail that Supabase sent, then sign in.',
  banned: 'This account is blocked in the Supabase project.',
  noAnonymousSignIns: `The project does not let devices in: switch on “Allow anonymous sign-ins” ${SIGN_IN_PROVIDERS}`,
  noSignUps: `The project does not let devices in: switch on “Allow new users to sign up” ${SIGN_IN_PROVIDERS}`,
  noEmailSignIns: `The project does not let people sign in with e-mail: switch it on ${SIGN_IN_PROVIDERS}`,
  captcha:
    'The project asks for a captcha, which a device cannot solve: switch it off in the Supabase dashboard under Authentication → Attack Protection, then try again.',
  tooManySignIns: 'Too many tries for now. Wait a few minutes, then try again.',
  signInRefused: 'Supabase refused the sign-in: {{text}}',
  signInOver: 'This sign-in is over: it lasts 15 minutes. Sign in at Supabase again.',

  connecting: 'This PC is being connected just now. Wait a moment.',
  notConnected: 'This PC is not connected to the cloud.',
  connectedAlready: 'This PC is connected to "{{restaurant}}" already. Leave it first.',
  belongsTo: 'This PC belongs to "{{restaurant}}" at {{url}}. Disconnect it first.',
  noRestart:
    'This Plate cannot start itself again, which it must to take over the orders of the cloud. Choose to upload.',
  newIsEmpty:
    'A new restaurant is empty: there is nothing to take over. Choose to send this PC’s orders and menu to the cloud.',
  atStake: {
    one: '1 change of this PC was never sent to "{{restaurant}}", where it was. Connect it there again: it goes on where it was. Or agree at Manager → Cloud that they are set aside in a file, where no other PC sees them.',
    other:
      '{{count}} changes of this PC were never sent to "{{restaurant}}", where it was. Connect it there again: it goes on where it was. Or agree at Manager → Cloud that they are set aside in a file, where no other PC sees them.',
  },
  linkNotKept: 'The connection could not be kept on this PC: {{text}}',
  linkNotForgotten: 'This PC cannot forget the connection: {{text}}',
  linkUnreadable:
    'This PC cannot read its connection to the cloud and works without it. Start Plate again; if that does not help, connect it to the restaurant again at Manager → Cloud.',
  linkLost:
    'This PC was in "{{restaurant}}" and has lost what let it in there: nothing is sent, and nothing arrives. Start Plate again; if that does not help, connect it again at Manager → Cloud: it goes on where it was. Or disconnect it there.',
  accessNotKept: "This PC cannot keep the device's access: {{text}}",
  accessUnkept:
    'This PC cannot save its access to the cloud. Do not restart Plate or this PC until that is over, or it needs a new device code: free space on the disk, and see that Plate may write its data folder. Plate goes on trying by itself.',

  fault: 'A fault of Plate’s own is in the way of the cloud ({{text}}). Plate tries again by itself.',
  stuck: 'The cloud says that there is more, but does not hand it over. Plate asks again.',
  unanswered: 'The cloud did not say what became of every event. Plate sends them again.',
  refusesAll:
    'The cloud refuses one change after the other: {{reason}} They wait on this PC, and Plate tries again by itself. Show this to your IT person.',
  mayNotOrder: 'This program may not place orders.',

  tooLarge:
    'This is too large for the cloud: more than 512 kB in one change. Choose "Give up" and enter it again in smaller parts.',
  unknownKind:
    'The cloud is older than Plate on this PC. Ask your IT person to apply the newest migrations, then choose "Send again".',
  idTaken:
    'Another change with the same id is already there. This PC was probably copied or restored from a backup: choose "Give up" and enter it again.',
  behind: 'An earlier change of this order was refused. Decide about that one first.',
  unreadable:
    'The cloud cannot read a change. Update Plate on this PC, then choose "Send again"; if that does not help, "Give up".',
  tooLong:
    'The cloud does not get done with this change in time, although it takes others. Choose "Send again" when there is less to do; if that does not help, ask your IT person, or "Give up".',
  beforeWasSent: 'Another PC sent what came before this.',
  notTaken: 'The cloud did not take {{things}}: {{reason}} {{todo}}',
  notTakenAndMore: 'The cloud did not take {{things}} and {{count}} more: {{reason}} {{todo}}',
  ticket: 'ticket {{number}}',
  order: 'an order',
  documentChange: 'a change to menu, floor plan or staff',
  stockChange: 'a change to the 86 list',
  otherChange: '{{kind}}',
  sendsAgain: 'Plate sends it again by itself; Manager → Cloud has it in full.',
  managerDecides: 'A manager decides at Manager → Cloud whether to send again or to give up.',

  retried: {
    one: '1 change that waited went to the cloud.',
    other: '{{count}} changes that waited went to the cloud.',
  },
  sentByAnother: {
    one: 'Another PC has sent 1 change to the cloud.',
    other: 'Another PC has sent {{count}} changes to the cloud.',
  },
  givenUp: {
    one: 'Given up ({{reason}}): 1 change will never be sent.',
    other: 'Given up ({{reason}}): {{count}} changes will never be sent.',
  },

  noDevice: 'This device belongs to no restaurant yet. Ask a manager for a device code and enter it here.',
  removed: '{{who}} ({{role}}) removed this PC from the restaurant. Ask them to let it in again.',
  tooMuchAtOnce: 'This is too much at once. Send it in parts.',
  notABatch: 'This is no batch of events: it needs {core, events: […]}. Update Plate on this PC.',
  batchTooLong: 'A batch holds at most {{most}} events. Send it in parts.',
  badPage: 'Events are read in pages of 1 to {{most}}, after a cursor of 0 or more. Update Plate on this PC.',
  badArchivePage:
    'The archive is read in pages of 1 to {{most}} orders, from a cursor of 0 or more to a later one. Update Plate on this PC.',
  tooManyOrders: 'Ask for the archived events of at most {{most}} orders at once.',
  personIsNoDevice: "A person's login cannot be a device. Sign out on this device and enter the code again.",
  wrongCode:
    'This code is wrong, used or older than {{minutes}} minutes. Check it, or ask a manager for a new one.',
  wrongCodes: 'Too many wrong codes. Wait {{minutes}} minutes, then ask a manager for a new code.',
  otherRestaurant:
    'This code is for another restaurant than this PC belongs to. Ask a manager of its own restaurant for a code, or disconnect the PC first.',
  stillEmpty:
    "This restaurant is still empty in the cloud: there is nothing to take over. Choose to send this PC's orders and menu to the cloud.",
  tooManyDevices: 'This restaurant has had too many devices. Let in one of the old ones instead.',

  needsRole:
    'This needs one of these roles in this restaurant: {{roles}}. Ask somebody who has it, or sign in as them.',
  onlyPerson: 'Only a person can do this. Sign in with e-mail and password.',
  adminOfMany: 'You are the admin of {{most}} restaurants already. Use another account for more.',
  onlyAdmin: 'Only an admin may do this for managers and admins. Ask one of them.',
  lastAdmin: 'This is the last admin of the restaurant. Make somebody else admin first.',
  nobodySignedUp:
    'Nobody has signed up with this e-mail address. Ask them to sign up, or invite them in the Supabase dashboard.',
  personNotConfirmed:
    'Nobody has confirmed this e-mail address yet. Ask them to open the link in the e-mail they got when they signed up, then try again.',
  manyCodes: 'There are {{most}} unused codes already. Use one of them, or wait {{minutes}} minutes.',
  inputTooLong: '{{input}} is too long: at most {{most}} characters.',
  inputUnshowable: '{{input}} has characters that cannot be shown. Type it again.',
  inputMissing: '{{input}} is missing.',

  theOrder: 'The order',
  line: 'Line {{number}}',
  noObject: '{{what}} must be an object.',
  unknownField: '{{what}} has a field nobody knows: {{name}}.',
  fieldMissing: '{{what}} needs {{name}}.',
  fieldMustBe: '{{what}}: {{name}} must be {{rule}}.',
  ruleUuid: 'a lower-case UUID',
  ruleKey: 'an id of 1 to {{most}} characters',
  ruleText: 'a text of at most {{most}} characters',
  ruleInt: 'a whole number from {{least}} to {{most}}',
  ruleBool: 'true or false',
  ruleKeys: 'a list of at most {{most}} ids',
  ruleOneOf: 'one of {{choices}}',
  wildNumber: 'The order has a number that is out of all proportion.',
  orderTooLarge: 'The order is too large: at most {{kilobytes}} kB. Send it as several orders.',
  orderItems: 'The order needs between 1 and {{most}} items.',
  sameLine: 'Two lines have the same id.',
  ordersNowhere: 'You may not order in any restaurant. Ask a manager for a role there.',
  ordersInSeveral: 'You work in several restaurants: say in "restaurant" which one this order is for.',
  orderIdTaken: 'This id is taken. Use a new id for a new order.',
  manyOrdersWait:
    'The restaurant has {{most}} orders waiting to be decided. Send this one again when its PCs are back.',
  unknownRequest: 'There is no such order among those you may see. Check the id.',
} as const satisfies Catalogue<typeof codes>
