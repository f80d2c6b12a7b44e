/** @file Last step: whether this PC's orders and menu go up, or the cloud's take their place; then it connects. Asks the core. */
import { useState } from 'react'
import type { Failure } from '../../../shared/domain/errors.ts'
import { useClient } from '../../shared/hooks.ts'
import { useCommand } from '../../shared/use-command.ts'
import { AsideBox, GoesOn, MayGoOn } from './former.tsx'
import { Option } from './option.tsx'
import { Step } from './step.tsx'
import { Notes, SureDialog, targetOf, useOpenTickets } from './take-notes.tsx'
import type { Draft, FormerState, Joined, StepContext, StepName, Take } from './types.ts'

/** Whether the chosen restaurant is known to hold nothing; null when only the cloud knows (device code). */
function emptyThere({ way, choice, signedIn }: Draft): boolean | null {
  if (way === 'code' || !choice) return null
  if ('create' in choice) return true
  return signedIn?.restaurants.find(({ id }) => id === choice.id)?.empty ?? null
}

/** The step at which a refusal can be mended; null: here. */
function stepFor({ code }: Failure, way: Draft['way']): StepName | null {
  if (code === 'wrongKey' || code === 'noSchema') return 'project'
  if (code === 'wrongLogin') return 'enter'
  return way === 'code' && code === 'wrongCode' ? 'enter' : null
}

interface OptionsProps {
  take: Take
  empty: boolean | null
  /** The restaurant. */
  target: string
  change: StepContext['change']
}

function Options({ take, empty, target, change }: OptionsProps) {
  return (
    <div className="options" role="radiogroup" aria-label="Orders and menu">
      <Option
        name="take"
        title="Send this PC’s to the cloud"
        checked={take === 'upload'}
        onChoose={() => change({ take: 'upload' })}
      >
        For the first PC of a restaurant.{empty && ' Nothing changes on this PC.'}
      </Option>
      <Option
        name="take"
        title={`Take over ${target} from the cloud`}
        barred={empty ? 'There is nothing in the cloud to take over yet.' : null}
        checked={take === 'download'}
        onChoose={() => change({ take: 'download' })}
      >
        Menu, tables, staff and orders come from the cloud. This PC’s own orders until now are kept in a file
        beside.
      </Option>
    </div>
  )
}

type TakeProps = StepContext &
  FormerState & {
    onJoined: (joined: Joined) => void
  }

export function TakeStep({ draft, change, steps, notice, go, former, again, onJoined }: TakeProps) {
  const client = useClient()
  const { busy, error, run } = useCommand()
  const empty = emptyThere(draft)
  const take = draft.take ?? (empty === true ? 'upload' : 'download')
  const { url, key, way, code, signedIn, choice, aside } = draft
  const goesOn = way === 'signIn' && choice !== null && 'id' in choice && choice.id === former?.restaurant
  const atStake = goesOn || take === 'upload' ? 0 : (former?.unsent ?? 0)
  // More may have been ordered since somebody agreed.
  const agreed = aside >= atStake
  const target = targetOf(draft)
  const open = useOpenTickets()
  const [asking, setAsking] = useState(false)
  const clears = !goesOn && take === 'download' && open > 0

  const ask = () => {
    const how = { take, ...(atStake > 0 && agreed && { aside: atStake }) }
    return way === 'code' || !signedIn || !choice
      ? client.call('cloudClaim', { url: url.trim(), key: key.trim(), code, ...how })
      : client.call('cloudJoin', { signIn: signedIn.signIn, restaurant: choice, ...how })
  }
  const connect = async () => {
    const outcome = await ask()
    const back = outcome.ok ? null : stepFor(outcome.error, way)
    if (back && !outcome.ok) go(back, outcome.error)
    else if (!outcome.ok) void again()
    return outcome
  }
  const start = () => void run(connect, ({ name, restarts }) => onJoined({ name, restarts }))
  return (
    <Step
      steps={steps}
      at={steps.length - 1}
      title={goesOn ? 'This PC goes on where it was' : 'Which orders and menu count?'}
      error={error ?? notice}
      busy={busy}
      next="Connect"
      nextBusy="Connecting…"
      // A code may lead back to where this PC was: only the core finds out.
      ready={agreed || way === 'code'}
      onNext={() => (clears ? setAsking(true) : start())}
      onBack={() => go(way === 'code' ? 'enter' : 'restaurant')}
    >
      {goesOn ? (
        <GoesOn former={former} />
      ) : (
        <>
          {way === 'code' && former && <MayGoOn former={former} />}
          <Options take={take} empty={empty} target={target} change={change} />
          <Notes take={take} empty={empty} open={open} />
          {former && atStake > 0 && (
            <AsideBox
              former={former}
              agreed={agreed}
              onAgree={(yes) => change({ aside: yes ? atStake : 0 })}
            />
          )}
        </>
      )}
      {asking && <SureDialog open={open} target={target} onYes={start} onClose={() => setAsking(false)} />}
    </Step>
  )
}
