/** @file What of a frozen version tests use besides its hub: how it reads events, shows orders and speaks to a core. Exports only. */
export { createClient } from '../../shared/client/client.ts'
export { CONTRACT_VERSION, OLDEST_CONTRACT } from '../../shared/contract/contract.ts'
export { applyRead, emptyState } from '../../shared/domain/apply.ts'
export { parseEvent } from '../../shared/domain/events.ts'
export { orderStatus } from '../../shared/domain/status.ts'
export { view } from '../../shared/domain/view.ts'
