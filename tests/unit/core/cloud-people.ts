/** @file Test kit of the cloud: people who sign in at a PC, and the device codes they make there. */
import { PERSON, PROJECT } from '../../support/cloud.ts'
import type { Pc, Reply } from './cloud-kit.ts'

/** A person's sign-in, as the setup page keeps it. */
export async function signIn(
  pc: Pc,
  person = PERSON,
): Promise<{ signIn: string; restaurants: { id: string; empty: boolean }[] }> {
  const reply = await pc.call('cloudSignIn', { ...PROJECT, ...person })
  if (!reply.ok) throw new Error(JSON.stringify(reply.e))
  return reply.v as never
}

/** A code for one more device of this restaurant, made by a person who signs in at `pc`. */
export async function codeFor(pc: Pc, restaurant: string): Promise<string> {
  const { signIn: token } = await signIn(pc)
  const reply = await pc.call('cloudCode', { signIn: token, restaurant, name: 'Another' })
  if (!reply.ok) throw new Error(JSON.stringify(reply.e))
  return (reply.v as unknown as { code: string }).code
}

/** Why a call was refused. */
/** What a refusal says in the words of the cloud. */
export const messageIn = (reply: Reply) => reply.e?.params?.message
export const codeOf = (reply: { e?: { code: string } }) => reply.e?.code
