/** @file Static files of the windows from one folder, and nothing outside it. Reads that folder only. */
import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
  '.wasm': 'application/wasm',
}

export interface StaticFile {
  body: Buffer<ArrayBuffer>
  headers: Record<string, string>
}

/** The parts of a URL path, or undefined when any of them is not a plain file name. */
function plainParts(pathname: string): string[] | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  const parts = decoded.split('/').slice(1)
  if (parts.at(-1) === '') parts[parts.length - 1] = 'index.html'
  // Still encoded, backslashes, drive letters, streams, dot files, empty parts: none of them occurs in our own files.
  return parts.every((part) => /^[\w@+-][\w.@+ -]*$/.test(part) && !part.includes('..')) ? parts : undefined
}

/** Vite puts a hash into the names of what it writes to assets/: their content never changes. */
const cacheControl = (parts: string[]) =>
  parts[0] === 'assets' && /[-.][\w-]{8,}\.\w+$/.test(parts.at(-1) ?? '')
    ? 'public, max-age=31536000, immutable'
    : 'no-cache'

/** Serves `root`. The answer is undefined for anything that is not a plain file with a known type below it. */
export function createStaticFiles(root: string): (pathname: string) => Promise<StaticFile | undefined> {
  return async (pathname) => {
    const parts = plainParts(pathname)
    const type = TYPES[path.extname(parts?.at(-1) ?? '').toLowerCase()]
    if (!parts || !type) return undefined
    try {
      const base = await realpath(root)
      // A link could lead out of the folder, so it is the real path that counts.
      const file = await realpath(path.join(base, ...parts))
      if (!file.startsWith(base + path.sep) || !(await stat(file)).isFile()) return undefined
      const headers = { 'content-type': type, 'cache-control': cacheControl(parts) }
      return { body: await readFile(file), headers }
    } catch {
      return undefined
    }
  }
}
