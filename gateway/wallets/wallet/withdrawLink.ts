import type { Money } from '../../money/money.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'

/** Whoever holds the link may withdraw from a party's balance to an invoice of his own, `uses` times, `budget` in all. */
export type WithdrawLink = Readonly<{
  id: `wl_${string}`
  party: PartyId
  budget: Money
  uses: number
  description: string
  metadata?: Metadata
  createdAt: number
  expiresAt: number
}>
