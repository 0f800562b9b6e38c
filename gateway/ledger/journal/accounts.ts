import { type Asset, sameAsset } from '../../money/asset.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'

/** The payment that the operator's own money is booked under where it comes to a rail, or a rail is first seen. */
export const CAPITAL = 'capital'

/** The chart of accounts, as paths. Each path has one account per asset. */
export const accounts = {
  rail: (rail: RailName, place: string): AccountPath => `rail:${rail}:${place}`,
  party: (party: string): AccountPath => `party:${party}`,
  pot: (splitId: Hex): AccountPath => `pot:${splitId.toLowerCase()}`,
  share: (splitId: Hex, account: Hex): AccountPath => `share:${splitId.toLowerCase()}:${account.toLowerCase()}`,
  dust: (splitId: Hex): AccountPath => `dust:${splitId.toLowerCase()}`,
  /** Deposits in a split's voucher channels that no accepted voucher has taken. */
  channel: (splitId: Hex): AccountPath => `channel:${splitId.toLowerCase()}`,
  /** Vouchers accepted for a split and not claimed yet; on chain they are still deposits. */
  vouched: (splitId: Hex): AccountPath => `vouched:${splitId.toLowerCase()}`,
  /** Of a channel's accepted vouchers what is not spent: limited by what came in by them, and no money of a rail. */
  session: (rail: RailName, channel: Hex): AccountPath => `ceiling:session:${rail}:${channel}`,
  /** What the accounts of sessions are counted against. */
  sessions: 'capital:sessions' as AccountPath,
  /** What a part of a pass may still use: limited by what it was given, and no money of a rail. */
  passPart: (part: string): AccountPath => `ceiling:pass:${part}`,
  isPassPart: (path: AccountPath): boolean => path.startsWith('ceiling:pass:'),
  /** What an agent may still spend on a UTC day, written as 2026-11-24; and of its mandate in all, and so many payments, each a unit. No money of a rail. */
  agentDay: (agent: string, day: string): AccountPath => `ceiling:agent:${agent}:${day}`,
  agentBudget: (agent: string): AccountPath => `ceiling:agent:${agent}:budget`,
  agentUses: (agent: string): AccountPath => `ceiling:agent:${agent}:uses`,
  isOfAgent: (path: AccountPath): boolean => path.startsWith('ceiling:agent:'),
  isAgentUses: (path: AccountPath): boolean => path.startsWith('ceiling:agent:') && path.endsWith(':uses'),
  /** What the accounts of agents are counted against. */
  agents: 'capital:agents' as AccountPath,
  /** What a channel of x402 owes over its life: its debits. What its payer has there stays the payer's, and is in no account. */
  x402: (rail: RailName, channelId: Hex): AccountPath => `x402:${rail}:${channelId.toLowerCase()}`,
  /** What channels of x402 owe to a split and have not brought yet, and how much they have brought. */
  charged: (rail: RailName, splitId: Hex): AccountPath => `charged:${rail}:${splitId.toLowerCase()}`,
  x402Brought: (rail: RailName, splitId: Hex): AccountPath => `x402:${rail}:brought:${splitId.toLowerCase()}`,
  suspense: (rail: RailName): AccountPath => `suspense:${rail}`,
  surplus: (of: string): AccountPath => `surplus:${of}`,
  /** Passed by what was put aside under `of` when its chain takes it back, and when it brings it again: the credits are how much that was. */
  takenBack: (of: string): AccountPath => `surplus:${of}:taken_back`,
  broughtAgain: (of: string): AccountPath => `surplus:${of}:brought_again`,
  /** What may still go back of a payment: what was paid is debited once, and what goes back credited. */
  refundable: (receipt: string): AccountPath => `ceiling:refunds:${receipt}`,
  /** What the operator's reserve may bear of a payee's refunds on one day. */
  refundReserve: (payee: string, day: string): AccountPath => `ceiling:refund_reserve:${payee}:${day}`,
  /** What the accounts that bound refunds are counted against. */
  refunds: 'capital:refunds' as AccountPath,
  /** What a dispute holds in reserve until it is decided. */
  dispute: (dispute: string): AccountPath => `dispute:${dispute}`,
  transit: (rail: string): AccountPath => `transit:${rail}`,
  /** What sellers were charged, before what it cost. */
  feeEarned: 'fee:earned' as AccountPath,
  feePaid: (rail: RailName): AccountPath => `fee:paid:${rail}`,
  capital: (owner: string): AccountPath => `capital:${owner}`,
  /** The operator's own money in an asset: liquidity to convert with, or, in the asset of balances itself, capital. */
  operator: (asset: Asset, bookAsset: Asset): AccountPath =>
    sameAsset(asset, bookAsset) ? 'capital:operator' : accounts.fx(asset, bookAsset),
  /** Liquidity for one pair, the same path in both assets. */
  fx: (a: Asset, b: Asset): AccountPath => `fx:${[a.code, b.code].sort().join('/')}`,
} as const
