/** @file The manager's page about the cloud: what it is for, connecting, and how it is going. Asks the core. */
import { useEffect, useState } from 'react'
import { FailureText } from '../../shared/components/failure.tsx'
import { useDocument, useStatus } from '../../shared/hooks.ts'
import { useQuery } from '../../shared/use-query.ts'
import { Connected } from './connected.tsx'
import { Intro } from './intro.tsx'
import { JoinedCard } from './joined.tsx'
import { LostLink } from './lost-link.tsx'
import { begun, useConnecting } from './setup-memory.ts'
import type { Joined } from './types.ts'
import { Wizard } from './wizard.tsx'
import './cloud.css'

/** Changes whenever the core's answer about the cloud has become another. */
function useNews(): string {
  const status = useStatus('cloud')
  return status ? `${status.state} ${status.needs} ${status.parked} ${status.name}` : 'none'
}

export function CloudPage() {
  const { value, error, again } = useQuery('cloud', {})
  const news = useNews()
  const { name } = useDocument('settings').body
  const [connecting, setConnecting] = useConnecting()
  const [joined, setJoined] = useState<Joined | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when there are news
  useEffect(() => {
    void again()
  }, [news, again])

  const join = (next: Joined) => {
    setJoined(next)
    setConnecting(null)
  }
  const done = () => {
    setJoined(null)
    void again()
  }
  if (joined) return <JoinedCard joined={joined} onDone={done} />
  if (!value) return error ? <FailureText error={error} /> : <p className="muted">Asking the core…</p>
  if (connecting) return <Wizard now={connecting} former={value.former} again={again} onJoined={join} />
  const { link, parked, devices } = value
  if (value.former?.lost)
    return <LostLink former={value.former} again={again} onStart={() => setConnecting(begun(name))} />
  if (!link) return <Intro onStart={() => setConnecting(begun(name))} />
  return (
    <>
      <FailureText error={error} />
      <Connected link={link} parked={parked} devices={devices} again={again} />
    </>
  )
}
