/** @file Asks a person with an account to sign in at the project, before something only managers there may do. Asks the core. */
import { type FormEvent, type ReactNode, useState } from 'react'
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/domain/errors.ts'
import { FailureText } from '../../shared/components/failure.tsx'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { LoginFields, passwordOf } from './login-fields.tsx'

interface GateProps {
  link: NonNullable<CloudInfo['link']>
  /** `expired`: tells that the sign-in is no longer good, and why. */
  children: (signIn: string, expired: (why: Failure) => void) => ReactNode
}

export function PersonGate({ link, children }: GateProps) {
  const client = useClient()
  const [email, setEmail] = useState('')
  const [signIn, setSignIn] = useState<string | null>(null)
  const [notice, setNotice] = useState<Failure | null>(null)
  const { busy, error, run } = useCommand()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { url, key } = link
    const password = passwordOf(event.currentTarget)
    void run(
      () => client.call('cloudSignIn', { url, key, email: email.trim(), password }),
      (signedIn) => setSignIn(signedIn.signIn),
    )
  }
  if (signIn !== null) {
    return children(signIn, (why) => {
      setNotice(why)
      setSignIn(null)
    })
  }
  return (
    <form className="stack" aria-busy={busy} onSubmit={submit}>
      <p>Sign in with a manager’s account of {link.name}. It is used once, and not kept.</p>
      <LoginFields email={email} onEmail={setEmail} />
      <FailureText error={error ?? notice} />
      <button type="submit" className="button primary" disabled={busy || email.trim().length < 3}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  )
}
