import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { X402ChannelConfig } from '../../ports/x402Channels.ts'
import { readX402ChannelFact, type X402VouchedData } from './facts.ts'

/** A voucher that was taken: so is the request found that it paid for. */
type Taken = Readonly<{ cumulative: bigint; claimKey: string }>

/** A channel as the journal knows it. `signed` is the highest sum that its payer has signed, by `signature`; of `vouched` vouchers `taken` are the newest. */
type Standing = Readonly<{
  rail: EvmRailName
  id: Hex
  splitId: Hex
  config: X402ChannelConfig
  signed: bigint
  signature: Hex
  vouched: number
  taken: readonly Taken[]
}>

/** With what it owes by the ledger: `accepted` for work that was done, `reserved` for work that is. It is never done with, because it can be filled anew. */
export type X402ChannelRecord = Standing & Readonly<{ accepted: bigint; reserved: bigint; withdrawn: false }>

/** So many requests of a channel can be asked about again by the voucher that paid for them. */
const TAKEN_KEPT = 64

export type X402ChannelRecords = ReturnType<typeof createX402ChannelRecords>

/** The channels that have paid here, from the facts. */
export function createX402ChannelRecords(books: Pick<Books, 'remember' | 'balance'>, assetOf: (rail: string) => Asset) {
  const channels = new Map<string, Standing>()
  books.remember({ name: 'x402.channels', form: 2, tables: { channels }, apply })

  function apply(fact: Fact): void {
    const known = readX402ChannelFact(fact)
    if (known?.type !== 'x402.vouched') return
    const key = keyOf(known.data.rail, known.data.channel)
    channels.set(key, standingAfter(channels.get(key), known.data))
  }

  /** What the ledger says of a channel, also of one that has not paid yet: `posted` is owed, `pending` will be if the work is done. */
  function owed(rail: EvmRailName, id: Hex): Readonly<{ posted: bigint; pending: bigint }> {
    const { debitsPosted, debitsPending } = books.balance(accounts.x402(rail, id), assetOf(rail))
    return { posted: debitsPosted, pending: debitsPending }
  }

  function withOwed(standing: Standing | undefined): X402ChannelRecord | undefined {
    if (!standing) return undefined
    const { posted, pending } = owed(standing.rail, standing.id)
    return { ...standing, accepted: posted, reserved: pending, withdrawn: false }
  }

  return {
    /** Without what it owes by the ledger. */
    standing: (rail: string, id: string): Standing | undefined => channels.get(keyOf(rail, id)),
    of: (rail: string, id: string): X402ChannelRecord | undefined => withOwed(channels.get(keyOf(rail, id))),
    owed,
    all: (): readonly Standing[] => [...channels.values()],
  }
}

function standingAfter(before: Standing | undefined, data: X402VouchedData): Standing {
  const { rail, channel: id, splitId, signature, claimKey } = data
  const cumulative = BigInt(data.cumulative)
  const config = before?.config ?? data.config
  invariant(config, `the first voucher of channel ${id} brings its terms`)
  const isHighest = cumulative > (before?.signed ?? 0n)
  return {
    rail,
    id,
    splitId,
    config,
    signed: isHighest ? cumulative : before!.signed,
    signature: isHighest ? signature : before!.signature,
    vouched: (before?.vouched ?? 0) + 1,
    taken: [...(before?.taken ?? []).slice(1 - TAKEN_KEPT), { cumulative, claimKey }],
  }
}

function keyOf(rail: string, id: string): string {
  return `${rail} ${id.toLowerCase()}`
}
