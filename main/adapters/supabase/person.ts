/** @file A person signed in to set devices up. Opens connections, keeps nothing. */
import * as z from 'zod/mini'
import type { Clock, CloudPerson, CloudProject } from '../../core/ports.ts'
import { createCaller } from './caller.ts'
import * as shapes from './schemas.ts'
import type { SignedIn } from './signing-in.ts'

/** What `who` may do for the project's restaurants. */
export function personOf(project: CloudProject, who: SignedIn, clock: Clock): CloudPerson {
  const { rpc, end } = createCaller(project, who.session, clock)
  return {
    restaurants: () => rpc(shapes.restaurants, 'my_restaurants'),

    async createRestaurant(name, person) {
      const p_person = person || who.user.name
      const answer = await rpc(shapes.created, 'create_restaurant', { p_name: name, p_person })
      if (!answer.ok) return answer
      return { ok: true, value: { id: answer.value.restaurant, name: answer.value.name } }
    },

    async deviceCode(restaurant, name) {
      const answer = await rpc(shapes.deviceCode, 'create_device_code', {
        p_restaurant: restaurant,
        p_name: name,
      })
      if (!answer.ok) return answer
      return {
        ok: true,
        value: { code: answer.value.code, expiresAt: new Date(answer.value.expires_at).getTime() },
      }
    },

    async revokeDevice(device) {
      const answer = await rpc(z.unknown(), 'revoke_device', { p_device: device })
      return answer.ok ? { ok: true, value: null } : answer
    },

    async readmitDevice(device) {
      const answer = await rpc(z.unknown(), 'readmit_device', { p_device: device })
      return answer.ok ? { ok: true, value: null } : answer
    },

    async end() {
      end()
      await who.signOut()
    },
  }
}
