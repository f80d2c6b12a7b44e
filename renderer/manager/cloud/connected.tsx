/** @file A connected PC: what waits for a person first, then the state, then the restaurant's devices. Draws only. */
import type { CloudInfo } from '../../../shared/contract/contract.ts'
import { CloudDevices } from './cloud-devices.tsx'
import { CloudState } from './cloud-state.tsx'
import { ParkedList } from './parked-list.tsx'

type Link = NonNullable<CloudInfo['link']>
type ConnectedProps = Pick<CloudInfo, 'parked' | 'devices'> & { link: Link; again: () => Promise<void> }

export function Connected({ link, parked, devices, again }: ConnectedProps) {
  return (
    <div className="stack cloud-page">
      {parked.length > 0 && <ParkedList parked={parked} again={again} />}
      <CloudState link={link} again={again} />
      <CloudDevices link={link} devices={devices} again={again} />
    </div>
  )
}
