/** @file Opens this machine's browser. Starts a program. */
import { spawn } from 'node:child_process'

const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Opens `url` in the default browser. False when there is no program to do so, e.g. on a server. */
export function openBrowser(url: string, platform = process.platform): Promise<boolean> {
  const [program, ...args] = OPENERS[platform] ?? ['xdg-open']
  return new Promise((done) => {
    const opener = spawn(program, [...args, url], { detached: true, stdio: 'ignore' })
    opener.once('error', () => done(false))
    opener.once('spawn', () => done(true))
    opener.unref()
  })
}
