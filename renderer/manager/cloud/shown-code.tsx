/** @file A device code with everything the other PC asks for, until that PC has joined. Reads the client, asks the core. */
import { useEffect, useState } from 'react'
import type { Answers, CloudDevice, CloudInfo } from '../../../shared/contract/contract.ts'
import { age } from '../../shared/format.ts'
import { useNow } from '../../shared/hooks.ts'
import { useAwake } from '../../shared/use-idle.ts'
import { CopyLines } from './copy-lines.tsx'
import { grouped } from './device-code.ts'

/** How often (ms) the restaurant's list is asked whether the PC is in it. */
const LOOK_MS = 4_000

export interface CodeProps {
  made: Answers['cloudCode'] & { name: string }
  link: NonNullable<CloudInfo['link']>
  devices: CloudDevice[] | null
  /** Asks for the devices again. */
  again: () => Promise<void>
  onAgain: () => void
  onDone: () => void
}

/** Every code makes a device of its own: the one of that name which was not there before. */
function useJoined({ made, devices }: CodeProps): boolean {
  const [before, setBefore] = useState(devices)
  if (before === null && devices !== null) setBefore(devices)
  const known = new Set((before ?? devices)?.map(({ id }) => id))
  return devices?.some(({ id, name, revoked }) => name === made.name && !revoked && !known.has(id)) ?? false
}

function useLook(active: boolean, again: () => Promise<void>): void {
  useEffect(() => {
    if (!active) return
    const timer = setInterval(again, LOOK_MS)
    return () => clearInterval(timer)
  }, [active, again])
}

function Joined({ name, onDone }: { name: string; onDone: () => void }) {
  return (
    <div className="stack">
      <p className="good joined" role="status">
        ✓ {name} has joined
      </p>
      <button type="button" className="button primary" onClick={onDone}>
        Done
      </button>
    </div>
  )
}

function Expired({ onAgain }: { onAgain: () => void }) {
  return (
    <div className="stack">
      <p role="status">This code has expired.</p>
      <button type="button" className="button primary" onClick={onAgain}>
        Make a new one
      </button>
    </div>
  )
}

export function ShownCode(props: CodeProps) {
  const { made, link, again, onAgain, onDone } = props
  const left = made.expiresAt - useNow()
  const joined = useJoined(props)
  const open = left > 0 && !joined
  useLook(open, again)
  // Whoever carries the code to another room must find it here when they come back.
  useAwake(open)
  if (joined) return <Joined name={made.name} onDone={onDone} />
  if (left <= 0) return <Expired onAgain={onAgain} />
  return (
    <div className="stack">
      <p>
        On {made.name}: <b>Manager → Cloud → Connect this PC</b>. Paste these lines into either field, or type
        what follows the =. They are no secret.
      </p>
      <CopyLines
        label="Project"
        lines={[`PLATE_SUPABASE_URL=${link.url}`, `PLATE_SUPABASE_KEY=${link.key}`]}
      />
      <p>
        Then choose <b>I have a device code</b>:
      </p>
      <div className="stack device-code">
        <output className="code" aria-label="Device code">
          {grouped(made.code)}
        </output>
        <p role="timer">
          Good for <b>{age(left)}</b>, and for one PC.
        </p>
      </div>
    </div>
  )
}
