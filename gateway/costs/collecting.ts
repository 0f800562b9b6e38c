import type { RailKind } from '../ports/railName.ts'

/** What is reckoned of a payer's try, which nobody here sees until it pays: how often it does, in millionths, and how long one that does not is waited for. */
type CollectingPolicy = Readonly<{
  paidPpm: Readonly<Record<RailKind, bigint>>
  secondsToFail: Readonly<Record<RailKind, bigint>>
}>

/** Of Lightning as of our own payments before anything is learned; what a chain or a bank refuses is rare, and what is held here is there. */
export const collectingPolicy: CollectingPolicy = {
  paidPpm: { lightning: 980_000n, evm: 999_000n, bank: 995_000n, book: 1_000_000n, custom: 990_000n },
  secondsToFail: { lightning: 60n, evm: 60n, bank: 86_400n, book: 0n, custom: 3_600n },
}
