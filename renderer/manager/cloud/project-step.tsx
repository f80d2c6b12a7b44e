/** @file Step 1: which Supabase project, and whether it can be used. Asks the core. */
import { type ClipboardEvent, useState } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import { plural } from '../../shared/format.ts'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { faultOf, fromEnv, KEY_PLACE, type ProjectText, URL_PLACE } from './project-text.ts'
import { Step } from './step.tsx'
import type { StepContext } from './types.ts'

/** Clocks further apart than this make times of tickets wrong on other PCs. */
const SKEW_MS = 2 * 60_000

function SkewWarning({ skewMs }: { skewMs: number }) {
  const minutes = Math.round(Math.abs(skewMs) / 60_000)
  return (
    <p className="notice" role="alert">
      <b>
        ⚠ The clock of this PC is {plural(minutes, 'minute')} {skewMs > 0 ? 'fast' : 'slow'}.
      </b>{' '}
      Ticket times would be wrong on other PCs. Set it right in the system’s date and time settings and check
      again, or go on and do it before service.
    </p>
  )
}

export function ProjectStep({ draft, change, steps, notice, go, leave }: StepContext) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  const [fault, setFault] = useState<Failure | null>(null)
  const [skewMs, setSkew] = useState<number | null>(null)
  const project: ProjectText = { url: draft.url.trim(), key: draft.key.trim() }
  const edit = (part: Partial<ProjectText>) => {
    change({ ...part, signedIn: null, choice: null, take: null })
    setFault(null)
    setSkew(null)
  }
  const paste = (event: ClipboardEvent) => {
    const found = fromEnv(event.clipboardData.getData('text'))
    if (!found.url && !found.key) return
    event.preventDefault()
    edit(found)
  }
  const check = () => {
    const wrong = faultOf(project)
    setFault(wrong)
    if (wrong) return
    void run(
      () => client.call('cloudCheck', project),
      (checked) => (Math.abs(checked.skewMs) > SKEW_MS ? setSkew(checked.skewMs) : go('enter')),
    )
  }
  return (
    <Step
      steps={steps}
      at={0}
      title="Which Supabase project?"
      error={fault ?? error ?? notice}
      busy={busy}
      next={skewMs === null ? 'Check' : 'Check again'}
      nextBusy="Checking…"
      ready={project.url !== '' && project.key !== ''}
      onNext={check}
      onBack={leave}
    >
      <p className="muted">
        Both are on the project’s page at supabase.com: the URL under {URL_PLACE}, the key under {KEY_PLACE}.
        The lines of a .env file can be pasted, too.
      </p>
      <label>
        Project URL
        <input
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          placeholder="https://abcd.supabase.co"
          value={draft.url}
          onPaste={paste}
          onChange={(event) => edit({ url: event.target.value })}
        />
      </label>
      <label>
        Publishable key
        <input
          autoComplete="off"
          spellCheck={false}
          maxLength={400}
          placeholder="sb_publishable_…"
          value={draft.key}
          onPaste={paste}
          onChange={(event) => edit({ key: event.target.value })}
        />
      </label>
      {skewMs !== null && (
        <>
          <SkewWarning skewMs={skewMs} />
          <button type="button" className="button" disabled={busy} onClick={() => go('enter')}>
            Go on with this clock
          </button>
        </>
      )}
    </Step>
  )
}
