/** @file The contract's calls about the cloud, each in a few lines. Rights and arguments were checked before. */
import type { Answers } from '../../../shared/contract/contract.ts'
import { fail, type Outcome, ok } from '../../../shared/domain/errors.ts'
import { say } from '../../../shared/domain/messages/index.ts'
import { failed } from '../cloud/failures.ts'
import type { Take } from '../cloud/setup.ts'
import type { CloudSync } from '../cloud/sync.ts'
import type { CloudAnswer, CloudFailure } from '../ports.ts'
import { actorOf } from './actor.ts'
import type { Method, ServeContext } from './context.ts'

const NO_CLOUD = fail('invalid', { why: 'noCloud' })

/**
 * The failure as somebody who waits for the answer reads it. What Plate does about it by itself (`next`) is true of the
 * exchange, not of what a person asks for: Plate does that once.
 */
export function forPerson(failure: CloudFailure): CloudFailure {
  const { code, params } = failure.says
  if (params?.next === undefined) return failure
  return { ...failure, says: { code, params: { ...params, next: say('cloud.tryAgain') } } }
}

/** Asks the cloud's setup, with its failures as screens know them. */
async function ask<T>(
  { cloud }: ServeContext,
  question: (setup: CloudSync['setup']) => Promise<CloudAnswer<T>>,
): Promise<Outcome<T>> {
  if (!cloud) return NO_CLOUD
  const answer = await question(cloud.setup)
  return answer.ok ? answer : failed(forPerson(answer.error))
}

interface Project {
  url: string
  key: string
}
interface Choice {
  take: Take
  aside?: number
}
type Joining = Choice & { signIn: string; restaurant: { id: string } | { create: string; person?: string } }
type Claiming = Choice & Project & { code: string }

type Name = Extract<keyof Answers, `cloud${string}`>

export const cloudMethods: Record<Name, Method> = {
  cloud: async ({ cloud }) =>
    ok(
      (await cloud?.info()) ??
        ({ link: null, former: null, parked: [], devices: null } satisfies Answers['cloud']),
    ),
  cloudCheck: (ctx, _guest, args: Project) => ask(ctx, ({ check }) => check(args)),
  cloudSignIn: (
    ctx,
    _guest,
    { email, password, ...project }: Project & { email: string; password: string },
  ) => ask(ctx, ({ signIn }) => signIn(project, email, password)),
  cloudJoin: (ctx, _guest, { signIn, restaurant, ...choice }: Joining) =>
    ask(ctx, ({ join }) => join(signIn, restaurant, choice)),
  cloudClaim: (ctx, _guest, { code, take, aside, ...project }: Claiming) =>
    ask(ctx, ({ claim }) => claim(project, code, { take, aside })),
  cloudCode: (ctx, _guest, args: { signIn: string; restaurant: string; name: string }) =>
    ask(ctx, ({ code }) => code(args.signIn, args.restaurant, args.name)),
  cloudRevoke: (ctx, _guest, args: { signIn: string; device: string }) =>
    ask(ctx, ({ revoke }) => revoke(args.signIn, args.device)),
  cloudReadmit: (ctx, _guest, args: { signIn: string; device: string }) =>
    ask(ctx, ({ readmit }) => readmit(args.signIn, args.device)),
  cloudKey: (ctx, _guest, { key }: { key: string }) => ask(ctx, ({ renewKey }) => renewKey(key)),
  cloudLeave: (ctx) => ask(ctx, ({ leave }) => leave()),
  cloudRetry: (ctx, guest, { lane }: { lane: string }) =>
    ctx.cloud?.retry(lane, actorOf(ctx, guest)) ?? NO_CLOUD,
  cloudWithdraw: (ctx, guest, { lane, reason }: { lane: string; reason: string }) =>
    ctx.cloud?.withdraw(lane, reason, actorOf(ctx, guest)) ?? NO_CLOUD,
}
