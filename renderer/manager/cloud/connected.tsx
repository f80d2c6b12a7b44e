/** @file A connected PC: what waits for a person first, then the state, then the restaurant's devices. Reads the client. */
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import { useStatus } from '../../shared/hooks.ts'
import { CloudDevices } from './cloud-devices.tsx'
import { CloudState } from './cloud-state.tsx'
import { NewCode } from './new-code.tsx'
import { KeyDetails, NewKey } from './new-key.tsx'
import { ParkedList } from './parked-list.tsx'

type Link = NonNullable<CloudInfo['link']>
type ConnectedProps = Pick<CloudInfo, 'parked' | 'devices'> & { link: Link; again: () => Promise<void> }

export function Connected({ link, parked, devices, again }: ConnectedProps) {
  const needs = useStatus('cloud')?.needs ?? null
  return (
    <div className="stack cloud-page">
      {parked.length > 0 && <ParkedList parked={parked} again={again} />}
      {needs === 'key' && <NewKey again={again} />}
      {needs === 'code' && <NewCode link={link} again={again} />}
      <CloudState link={link} again={again} />
      <CloudDevices link={link} devices={devices} again={again} />
      {needs !== 'key' && <KeyDetails again={again} />}
    </div>
  )
}
