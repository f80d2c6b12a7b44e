/** @file Refuses a Node that would crash later, before anything else runs. Imported first for its effect. */

// An older Node does not fail cleanly here: the SQLite addon takes the whole process down.
const MINIMUM = 24

const major = Number(process.versions.node.split('.')[0])
if (major < MINIMUM) {
  console.error(
    `Plate needs Node ${MINIMUM} or newer, this is ${process.version}. ` +
      'On Linux and Windows `npm install` brings it and `npm run …` uses it; on a Mac install Node 24 first.',
  )
  process.exit(1)
}
