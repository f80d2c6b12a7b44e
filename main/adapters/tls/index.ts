/** @file The hub's TLS identity: made once, kept in the data folder, renewed in time. Reads and writes that folder only. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import path from 'node:path'
import type { Clock, Log } from '../../core/ports.ts'
import { readIfThere, writePrivate } from './files.ts'
import { issueAuthority, issueLeaf, type KeyedCertificate } from './issue.ts'

export interface TlsOptions {
  /** Folder of the files, usually `tls` in the data folder. */
  dir: string
  /** Shown in the authority's name, e.g. the machine's host name. */
  name: string
  clock: Pick<Clock, 'now'>
  log: Log
}

/** What a TLS server needs, and what people and peers compare. */
export interface TlsIdentity {
  /** Certificate followed by its authority, PEM. */
  cert: string
  key: string
  /** The authority alone, PEM: what a tablet may install. */
  ca: string
  /** SHA-256, hex with colons. The authority's is the one to pin: it stays when the certificate is renewed. */
  fingerprints: { leaf: string; ca: string }
}

export interface Certificates {
  /** The identity for these host names and addresses; renews what is missing, ending or made for others. */
  current(names: readonly string[]): Promise<TlsIdentity>
}

const RENEW_BEFORE_MS = 30 * 86_400_000

/** Whether a certificate has at least 30 days left at `now` (ms UTC). */
function lasts(certificate: X509Certificate, now: number): boolean {
  return (
    certificate.validToDate.getTime() - now > RENEW_BEFORE_MS && certificate.validFromDate.getTime() <= now
  )
}

/** The host names and addresses a certificate is for, sorted. */
export function namesOf(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? '')
    .split(', ')
    .map((entry) => canonical(entry.replace(/^(DNS|IP Address):/, '')))
    .sort()
}

/** One spelling per address: certificates print IPv6 in full and upper case. */
function canonical(name: string): string {
  if (!name.includes(':')) return name.toLowerCase()
  return URL.parse(`http://[${name}]`)?.hostname.slice(1, -1) ?? name
}

function fits(
  leaf: KeyedCertificate,
  authority: X509Certificate,
  names: readonly string[],
  now: number,
): boolean {
  const certificate = new X509Certificate(leaf.cert)
  const wanted = [...new Set(names.map(canonical))].sort()
  return (
    lasts(certificate, now) &&
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    namesOf(certificate).join() === wanted.join()
  )
}

/** Keeps `<dir>/<name>.crt` and `.key`. What cannot be written now is used all the same, and written when it is next asked for. */
function pair(dir: string, name: string, log: Log) {
  const files = { cert: path.join(dir, `${name}.crt`), key: path.join(dir, `${name}.key`) }
  let unsaved: KeyedCertificate | undefined
  function save(made: KeyedCertificate): KeyedCertificate {
    try {
      writePrivate(files.key, made.key)
      writePrivate(files.cert, made.cert)
      unsaved = undefined
    } catch (error) {
      if (!unsaved) log.warn('tls.notKept', { file: files.cert, error: String(error) })
      unsaved = made
    }
    return made
  }
  return {
    load(): KeyedCertificate | undefined {
      if (unsaved) return save(unsaved)
      const cert = readIfThere(files.cert)
      const key = readIfThere(files.key)
      return cert && key ? { cert, key } : undefined
    },
    save,
  }
}

/** Certificates kept in a folder. Files a person broke are replaced; that changes the fingerprints. */
export function createCertificates({ dir, name, clock, log }: TlsOptions): Certificates {
  const files = { ca: pair(dir, 'ca', log), leaf: pair(dir, 'hub', log) }

  const authority = async () => {
    const kept = readable(files.ca.load())
    if (kept && lasts(new X509Certificate(kept.cert), clock.now())) return kept
    return files.ca.save(await issueAuthority(name, clock.now()))
  }
  const leafFor = async (ca: KeyedCertificate, names: readonly string[]) => {
    const kept = readable(files.leaf.load())
    if (kept && fits(kept, new X509Certificate(ca.cert), names, clock.now())) return kept
    const wanted = [...new Set(names.map(canonical))]
    return files.leaf.save(await issueLeaf(ca, wanted, clock.now()))
  }
  return {
    async current(names) {
      const ca = await authority()
      const leaf = await leafFor(ca, names)
      return {
        cert: `${leaf.cert.trim()}\n${ca.cert.trim()}\n`,
        key: leaf.key,
        ca: ca.cert,
        fingerprints: {
          leaf: new X509Certificate(leaf.cert).fingerprint256,
          ca: new X509Certificate(ca.cert).fingerprint256,
        },
      }
    },
  }
}

/** A pair whose halves parse and belong together. */
function readable(kept: KeyedCertificate | undefined): KeyedCertificate | undefined {
  if (!kept) return undefined
  try {
    return new X509Certificate(kept.cert).checkPrivateKey(createPrivateKey(kept.key)) ? kept : undefined
  } catch {
    return undefined
  }
}
