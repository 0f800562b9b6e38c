import type { Logger } from 'pino'
import { createNetRecords } from '../../gateway/payouts/netting/netRecords.ts'
import { createNetting, type NetOptions, type Netting } from '../../gateway/payouts/netting/netting.ts'
import { netPolicy } from '../../gateway/payouts/netting/policy.ts'

type Parts = Omit<NetOptions, 'store' | 'policy' | 'log'> & Readonly<{ logger: Logger }>

/** Payouts that wait for others. Call it before the books start, and `start` after the payouts have been taken up. */
export function openNetting({ logger, ...parts }: Parts): Netting {
  return createNetting({ ...parts, store: createNetRecords(parts.books), policy: netPolicy, log: logger })
}
