/** @file Serves our pages as plate://app/… from one folder, and nothing outside it. Reads files below its root only. */
import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { isOurs } from './urls.ts'

/** No page loads, runs, embeds or contacts anything but what we ship. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.webmanifest': 'application/manifest+json',
}

/** Names of the file an address means, below the root; undefined for anything that is not plainly a file of ours. */
export function segmentsOf(url: string): string[] | undefined {
  if (!isOurs(url)) return undefined
  const segments: string[] = []
  for (const raw of new URL(url).pathname.slice(1).split('/')) {
    const name = decoded(raw)
    if (name === undefined || !isPlain(name)) return undefined
    segments.push(name)
  }
  const last = segments.pop()
  // A page is its folder: plate://app/kitchen/ is kitchen/index.html.
  return [...segments, last || 'index.html'].every(Boolean) ? [...segments, last || 'index.html'] : undefined
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** No separators in disguise, no drives or streams, no dot files, no `..`. */
function isPlain(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return !name.startsWith('.') && !/[\\/:\u0000-\u001f]/.test(name)
}

/** The real file below `root` that an address means. Links that lead out of the root lead nowhere. */
export async function fileOf(root: string, url: string): Promise<string | undefined> {
  const segments = segmentsOf(url)
  if (!segments || !(path.extname(segments.at(-1) ?? '') in TYPES)) return undefined
  try {
    const base = await realpath(root)
    const file = await realpath(path.join(base, ...segments))
    return file.startsWith(base + path.sep) ? file : undefined
  } catch {
    return undefined
  }
}

/** Answers requests of pages: files below `root`, and `texts`, pages made here, by path. */
export function pageHandler(root: string, texts: ReadonlyMap<string, string>) {
  return async (request: Request): Promise<Response> => {
    if (request.method !== 'GET') return plain(405, 'Only GET')
    const text = isOurs(request.url) ? texts.get(new URL(request.url).pathname) : undefined
    if (text !== undefined) return new Response(text, { headers: headers('.html', TROUBLE_POLICY) })
    const file = await fileOf(root, request.url)
    if (!file) return plain(404, 'Not found')
    try {
      const body = new Uint8Array(await readFile(file))
      return new Response(body, { headers: headers(path.extname(file), CONTENT_SECURITY_POLICY) })
    } catch {
      return plain(404, 'Not found')
    }
  }
}

/** Pages made here have their style inside and no script at all. */
const TROUBLE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

function headers(extension: string, policy: string): Record<string, string> {
  return {
    'content-type': TYPES[extension] ?? 'application/octet-stream',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // A page from before an update must not talk to a core from after it.
    'cache-control': 'no-cache',
  }
}

function plain(status: number, message: string): Response {
  return new Response(message, {
    status,
    headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
  })
}
