/** @file Makes certificates: a restaurant's own authority and the hub's certificate. Uses WebCrypto, touches no file. */
// The library's dependency injection needs it before anything else.
import 'reflect-metadata'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** A certificate and its private key, as PEM. */
export interface KeyedCertificate {
  cert: string
  key: string
}

const DAY_MS = 86_400_000
const CA_DAYS = 3_650
/** Browsers refuse longer ones, private authority or not. */
const LEAF_DAYS = 397
/** Clocks of tablets are off by minutes; a certificate from the future would lock them out. */
const BACKDATE_MS = DAY_MS

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const

const makeKeys = () => crypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])

type PrivateKey = Awaited<ReturnType<typeof makeKeys>>['privateKey']

async function privatePem(key: PrivateKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

const validity = (now: number, days: number) => ({
  notBefore: new Date(now - BACKDATE_MS),
  notAfter: new Date(now - BACKDATE_MS + days * DAY_MS),
})

/** Commas and quotes would end a part of a distinguished name. */
const plain = (name: string) =>
  name
    .replace(/[^\p{L}\p{N} ._-]/gu, ' ')
    .trim()
    .slice(0, 50) || 'Plate'

/** A new authority that may sign the hub's certificates and nothing below them, for 10 years from `now` (ms UTC). */
export async function issueAuthority(name: string, now: number): Promise<KeyedCertificate> {
  const keys = await makeKeys()
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Plate ${plain(name)}, O=Plate`,
    keys,
    signingAlgorithm: SIGNING,
    ...validity(now, CA_DAYS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: cert.toString('pem'), key: await privatePem(keys.privateKey) }
}

/** A server certificate for these host names and addresses, for 397 days from `now` (ms UTC). */
export async function issueLeaf(
  authority: KeyedCertificate,
  names: readonly string[],
  now: number,
): Promise<KeyedCertificate> {
  const issuer = new x509.X509Certificate(authority.cert)
  const keyBytes = x509.PemConverter.decodeFirst(authority.key)
  const signingKey = await crypto.subtle.importKey('pkcs8', keyBytes, KEYS, false, ['sign'])
  const keys = await makeKeys()
  const cert = await x509.X509CertificateGenerator.create({
    subject: `CN=${plain(names[0] ?? 'Plate hub')}, O=Plate`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: SIGNING,
    ...validity(now, LEAF_DAYS),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: cert.toString('pem'), key: await privatePem(keys.privateKey) }
}
