import type { Logger } from 'pino'
import { netPolicy } from '../../gateway/payouts/netting/policy.ts'
import { createNetting, type NetOptions, type Netting } from '../../gateway/payouts/netting/service.ts'
import { createNetStore } from '../../gateway/payouts/netting/store.ts'

type Parts = Omit<NetOptions, 'store' | 'policy' | 'log'> & Readonly<{ logger: Logger }>

/** Payouts that wait for others. Call it before the books start, and `start` after the payouts have been taken up. */
export function openNetting({ logger, ...parts }: Parts): Netting {
  return createNetting({ ...parts, store: createNetStore(parts.books), policy: netPolicy, log: logger })
}
