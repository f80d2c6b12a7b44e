/** @file Runs programs that open windows, on a virtual display where there is none. Spawns processes. */
import { hasDisplay } from './electron-runtime.ts'
import { onPath, run, runNode } from './run.ts'

const XVFB = 'xvfb-run'

/** Why no window can be shown here, with what to type; nothing when it can, on a virtual display at least. */
export function displayMissing(): string | undefined {
  if (hasDisplay() || onPath(XVFB)) return undefined
  return 'there is no display. Type:  sudo apt-get install -y --no-install-recommends xvfb xauth'
}

/** Like `runNode`, with a virtual display when the machine has none. */
export const withDisplay: typeof runNode = (args, options) =>
  hasDisplay() ? runNode(args, options) : run(XVFB, ['--auto-servernum', process.execPath, ...args], options)
