/** @file Tells people and programs that the hub is ready. Writes to standard output, the parent process, a descriptor. */
import { writeSync } from 'node:fs'
import type { RunningHub } from './start.ts'

/** The lines people read at start. The links sign this machine's browser in. */
export function welcome({ hub }: Pick<RunningHub, 'hub'>): string {
  const links = hub.links().map(({ screen, url }) => `  ${screen.padEnd(8)} ${url}`)
  const { on, addresses, fingerprint } = hub.lan.state()
  const network = on
    ? [
        'On the local network (pair a screen first, with “plate-hub pair”):',
        ...addresses.map((address) => `  ${address}/join/`),
        `  certificate ${fingerprint}`,
      ]
    : ['Closed to the local network; start with --lan to open it.']
  return ['Plate is running. On this computer:', ...links, '', ...network, ''].join('\n')
}

/** Hands the machine-readable line to whoever started this process: over IPC, or to the descriptor PLATE_READY_FD. */
export function tellParent({ hub, url, tlsUrl }: RunningHub, readyFd: string | undefined): void {
  const message = { event: 'HUB_READY', url, tlsUrl, key: hub.key }
  process.send?.(message)
  if (readyFd !== undefined && /^\d+$/.test(readyFd))
    writeSync(Number(readyFd), `${JSON.stringify(message)}\n`)
}
