/** @file Who sent a request: address, whether from this machine, whether encrypted. Reads the request only. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv4 } from 'node:net'
import type { TLSSocket } from 'node:tls'

export interface Client {
  /** What limits are counted by. */
  address: string
  /** From this machine itself, not through a proxy: proxies on this machine speak for strangers. */
  local: boolean
  secure: boolean
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** IPv4 inside IPv6, as dual-stack sockets report it, becomes plain IPv4. */
const plain = (address: string) => address.replace(/^::ffff:(?=[\d.]+$)/, '')

/** Whether an address belongs to this machine alone. */
export function isLoopback(address: string): boolean {
  const bare = plain(address)
  return loopback.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6')
}

/** One value of a header, the last where there are several. */
const last = (value: string | string[] | undefined) =>
  String(value ?? '')
    .split(',')
    .at(-1)
    ?.trim() ?? ''

/** Describes the sender. Headers of a proxy are believed only from `trustedProxies` (addresses). */
export function clientOf(request: IncomingMessage, trustedProxies: readonly string[]): Client {
  const peer = plain(request.socket.remoteAddress ?? '')
  const { headers } = request
  const forwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => name in headers)
  const encrypted = (request.socket as TLSSocket).encrypted === true
  if (!trustedProxies.includes(peer))
    return { address: peer, local: peer !== '' && isLoopback(peer) && !forwarded, secure: encrypted }
  return {
    address: last(headers['x-forwarded-for']) || peer,
    local: false,
    secure: encrypted || last(headers['x-forwarded-proto']) === 'https',
  }
}
