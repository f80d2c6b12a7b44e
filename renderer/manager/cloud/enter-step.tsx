/** @file Step 2: who lets this PC in, a person with an account or a code that a manager made. Asks the core. */
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { CodeField } from './code-field.tsx'
import { isWhole } from './device-code.ts'
import { LoginFields, passwordOf } from './login-fields.tsx'
import { firstChoice } from './restaurants.ts'
import { Step } from './step.tsx'
import type { StepContext, Way } from './types.ts'

const WAYS: readonly (readonly [Way, string])[] = [
  ['signIn', 'Sign in'],
  ['code', 'I have a device code'],
]

function CodeEntry(props: { code: string; onCode: (code: string) => void }) {
  return (
    <>
      <p className="muted">
        On a PC that is connected already, a manager opens Manager → Cloud → Add another PC. Type the code
        shown there.
      </p>
      <CodeField {...props} />
    </>
  )
}

export function EnterStep({ draft, change, steps, notice, go }: StepContext) {
  const client = useClient()
  const { busy, error, run, clear } = useCommand()
  const { url, key, way, email, code } = draft
  const project = { url: url.trim(), key: key.trim() }
  const signIn = (form: HTMLFormElement) =>
    run(
      () => client.call('cloudSignIn', { ...project, email: email.trim(), password: passwordOf(form) }),
      (signedIn) => {
        change({ signedIn, choice: firstChoice(signedIn, draft), take: null })
        go('restaurant')
      },
    )
  return (
    <Step
      key={way}
      steps={steps}
      at={1}
      title="Who lets this PC in?"
      error={error ?? notice}
      busy={busy}
      next={way === 'signIn' ? 'Sign in' : 'Go on'}
      nextBusy="Signing in…"
      ready={way === 'signIn' ? email.trim().length > 2 : isWhole(code)}
      onNext={(form) => (way === 'signIn' ? void signIn(form) : go('take'))}
      onBack={() => go('project')}
    >
      <fieldset className="row ways" aria-label="Way in">
        {WAYS.map(([each, text]) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={way === each}
            onClick={() => {
              clear()
              change({ way: each, choice: null, take: null })
              go('enter')
            }}
          >
            {text}
          </button>
        ))}
      </fieldset>
      {way === 'signIn' ? (
        <>
          <p className="muted">
            With the e-mail and password of an account of this Supabase project. It is used once, and not
            kept.
          </p>
          <LoginFields email={email} onEmail={(next) => change({ email: next })} />
        </>
      ) : (
        <CodeEntry code={code} onCode={(next) => change({ code: next })} />
      )}
    </Step>
  )
}
