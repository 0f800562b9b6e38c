/** Into what a rail holds for us, or out of it. */
export type Side = 'in' | 'out'
/** `fee`: what the rail charges for itself. */
export type RowKind = 'payment' | 'fee'

type Row = Readonly<{
  id: string
  side: Side
  kind: RowKind
  /** The asset's id. */
  asset: string
  units: bigint
  /** Days since 1970-01-01 on which it is, or should be, on the rail's account. */
  day: number
  /** What both sides may call it, the strictest first: the rail's own reference, an end-to-end id or UETR. */
  names: readonly string[]
  /** The file or batch of ours that it left in. */
  batch?: string | undefined
  /** Who is at the other end, as far as that is known. */
  counterparty?: string | undefined
}>

/** Something that the ledger says a rail should show. On `dueDay` it is missing where nothing shows it; without it nobody waits. */
export type Expectation = Row & Readonly<{ dueDay?: number | undefined }>

/** Something that a rail shows. */
export type Movement = Row

/** How sides came together. `score`: of 100, where only amount, day and counterparty said so. */
export type Match = Readonly<{
  by: 'name' | 'batch' | 'score'
  expectations: readonly string[]
  movements: readonly string[]
  side: Side
  asset: string
  expected: bigint
  score?: number
  /** Moved less expected, within what is tolerated; mostly zero. */
  difference: bigint
}>

/**
 * What is wrong. `amount`: other than expected. `currency`: in another one. `duplicate`: again what was matched. `unexpected`: nothing in the ledger is it.
 * `missing`: due, and not shown. `split_mismatch`: several expectations together come to another sum. `fee_mismatch`: the rail charges other than is booked.
 */
export const BREAK_KINDS = ['amount', 'currency', 'duplicate', 'unexpected', 'missing', 'split_mismatch', 'fee_mismatch'] as const
export type BreakKind = (typeof BREAK_KINDS)[number]

export type FoundBreak = Readonly<{
  kind: BreakKind
  side: Side
  /** The asset of what was expected; of what was shown where nothing was. */
  asset: string
  expectations: readonly string[]
  movements: readonly string[]
  /** Sums of both sides, never negative; of `currency` each in its own asset. */
  expected: bigint
  moved: bigint
  /** The asset that moved, where it is another. */
  movedAsset?: string
  /** What had been matched under the same name. */
  beside?: readonly string[]
}>

/** What may differ without anybody looking: so many units of an asset, for what the rail charges or for everything else. */
export type Tolerance = Readonly<{ asset: string; kind: RowKind; units: bigint }>
