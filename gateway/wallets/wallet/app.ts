import type { PartyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { BudgetPeriod } from './budgetPeriod.ts'

/** What an app may ask (NIP-47). */
export const APP_METHODS = [
  'get_info',
  'get_balance',
  'get_budget',
  'make_invoice',
  'pay_invoice',
  'pay_keysend',
  'lookup_invoice',
  'list_transactions',
] as const
export type AppMethod = (typeof APP_METHODS)[number]

/** An app that uses a party's bitcoin balance as its wallet. It may spend `budgetMsat` a period; 0 is nothing. */
export type App = Readonly<{
  id: `wa_${string}`
  party: PartyId
  name: string
  methods: readonly AppMethod[]
  budgetMsat: bigint
  period: BudgetPeriod
  metadata?: Metadata
  createdAt: number
  expiresAt: number | undefined
}>
