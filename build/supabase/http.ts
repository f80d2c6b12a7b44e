/** @file Requests and replies of the local backend, apart from Node's own. Reads and writes sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Claims } from './jwt.ts'

/** Who calls, after the keys were checked. */
export interface Caller {
  role: string
  claims: Claims
  /** The person's or device's access token, when one came along. */
  token: string | null
}

export interface Call {
  method: string
  url: URL
  headers: Record<string, string>
  body: Buffer
  caller: Caller
}

export interface Reply {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array | null
}

export const text = (status: number, body: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body,
})

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  text(status, JSON.stringify(body), headers)

export const empty = (status: number): Reply => ({ status, headers: {}, body: null })

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** The body as an object; an empty one for anything else. */
export function fields(call: Call): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(call.body.toString() || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'content-range, content-profile, date, retry-after',
}

export function write(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...CORS, ...reply.headers })
  response.end(reply.body ?? undefined)
}

/** What a browser asks before it sends a key. */
export const preflight = (headers: Record<string, string>): Reply => ({
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
  },
  body: null,
})
