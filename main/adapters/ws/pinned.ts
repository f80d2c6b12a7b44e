/** @file TLS to another Plate PC, trusted by certificate fingerprint instead of by a public authority. Opens sockets. */
import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { say } from '../../../shared/domain/messages/index.ts'
import type { Message } from '../../../shared/domain/messages/message.ts'

/** The other end is not who it should be, or cannot be reached. `says` why; `message` is for the log. */
export class DialError extends Error {
  override name = 'DialError'
  readonly says: Message
  constructor(says: Message) {
    super(JSON.stringify(says))
    this.says = says
  }
}

/** Fingerprints that a connection proved: of the certificate itself and of the authority that signed it. */
export interface Proof {
  leaf: string
  authority: string | null
}

/** Upper case, without the separators people and tools add. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.replace(/[^0-9a-fA-F]/g, '').toUpperCase()
}

/** The authority beside a certificate, when it really signed it: anyone can send along a certificate that is not theirs. */
function provenAuthority(leaf: X509Certificate): string | null {
  const issuer = leaf.issuerCertificate
  if (!issuer?.ca || !leaf.checkIssued(issuer) || !leaf.verify(issuer.publicKey)) return null
  return issuer.fingerprint256
}

function proofOf(socket: TLSSocket): Proof {
  const leaf = socket.getPeerX509Certificate()
  if (!leaf) throw new DialError(say('hub.noProof'))
  return { leaf: leaf.fingerprint256, authority: provenAuthority(leaf) }
}

/**
 * Connects and checks the certificate before anything is sent, so that a token never reaches a stranger. `pin` is the SHA-256
 * fingerprint of the certificate or of its authority; null takes what comes (first contact) and says what it was.
 * Rejects with a {@link DialError}.
 */
export function connectPinned(
  target: { host: string; port: number },
  pin: string | null,
  timeoutMs: number,
): Promise<{ socket: TLSSocket; proof: Proof }> {
  const { host, port } = target
  const address = `${host}:${port}`
  // The pin replaces the public authorities: they know nothing of restaurants' machines.
  const socket = connect({
    host,
    port,
    rejectUnauthorized: false,
    ...(isIP(host) ? {} : { servername: host }),
  })
  return new Promise((resolve, reject) => {
    const give = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const failed = (error: Error) =>
      give(new DialError(say('hub.unreachable', { address, detail: error.message })))
    socket.setTimeout(timeoutMs, () => give(new DialError(say('hub.silent', { address }))))
    socket.once('error', failed)
    socket.once('secureConnect', () => {
      try {
        const proof = proofOf(socket)
        if (
          pin !== null &&
          ![proof.leaf, proof.authority ?? ''].map(plainFingerprint).includes(plainFingerprint(pin))
        )
          throw new DialError(say('hub.otherProof', { address }))
        socket.setTimeout(0)
        socket.off('error', failed)
        resolve({ socket, proof })
      } catch (error) {
        give(error as Error)
      }
    })
  })
}
