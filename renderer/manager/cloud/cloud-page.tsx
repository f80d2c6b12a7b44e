/** @file The manager's page about the cloud: what it is for, connecting, and how it is going. Asks the core. */
import { useEffect, useState } from 'react'
import { FailureText } from '../../shared/components/failure.tsx'
import { useStatus } from '../../shared/hooks.ts'
import { useQuery } from '../use-query.ts'
import { Connected } from './connected.tsx'
import { Intro } from './intro.tsx'
import { JoinedCard } from './joined.tsx'
import { LostLink } from './lost-link.tsx'
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
  const [connecting, setConnecting] = useState(false)
  const [joined, setJoined] = useState<Joined | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when there are news
  useEffect(() => {
    void again()
  }, [news, again])

  const done = () => {
    setJoined(null)
    setConnecting(false)
    void again()
  }
  if (joined) return <JoinedCard joined={joined} onDone={done} />
  if (!value) return error ? <FailureText error={error} /> : <p className="muted">Asking the core…</p>
  const leave = () => setConnecting(false)
  if (connecting) return <Wizard former={value.former} again={again} onJoined={setJoined} onLeave={leave} />
  const { link, parked, devices } = value
  if (value.former?.lost)
    return <LostLink former={value.former} again={again} onStart={() => setConnecting(true)} />
  if (!link) return <Intro onStart={() => setConnecting(true)} />
  return (
    <>
      <FailureText error={error} />
      <Connected link={link} parked={parked} devices={devices} again={again} />
    </>
  )
}
