/** @file This machine's names and addresses on the local network. Reads the system's network settings. */
import { hostname, networkInterfaces } from 'node:os'

/** Interfaces of virtual machines, containers and tunnels: tablets cannot reach them. */
const VIRTUAL = /^(docker|br-|veth|virbr|vbox|vmnet|vEthernet|tun|tap|utun|wg|zt|tailscale)/i

/** IPv4 addresses of this machine on its networks, those a tablet most likely reaches first. */
export function lanAddresses(): string[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(
        ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
      )
      .map(({ address }) => ({ address, virtual: VIRTUAL.test(name) })),
  )
  return all.sort((a, b) => Number(a.virtual) - Number(b.virtual)).map(({ address }) => address)
}

/** Names of this machine: its own, that of multicast DNS, and those given by whoever runs it. */
export function machineNames(extra: readonly string[]): string[] {
  const own = hostname()
    .toLowerCase()
    .replace(/\.local$/, '')
  return [...new Set([own, `${own}.local`, 'localhost', ...extra.map((name) => name.toLowerCase())])]
}
