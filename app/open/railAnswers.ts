import { z } from 'zod'
import { unitsMaxOf } from '../../gateway/money/amountMax.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { type Money, money } from '../../gateway/money/money.ts'
import { FAILURE_REASONS, type Outcome } from '../../gateway/ports/outcome.ts'
import type { CustomRailName } from '../../gateway/ports/railName.ts'
import type { Estimate } from '../../gateway/ports/sender.ts'
import type { RailBalance, Stranger } from '../../gateway/ports/statement.ts'

/** What an answer was read as, or why it is none. */
export type Reading<T> = Readonly<{ kind: 'good'; value: T }> | Readonly<{ kind: 'wrong'; why: string }>

type Named = Readonly<{ rail: CustomRailName; asset: Asset }>

const DETAIL_MAX = 500
const ID_MAX = 500
const NAMES_MAX = 20
const STRANGERS_MAX = 1_000
const CERTAIN_PPM = 1_000_000n

const reason = z.enum(FAILURE_REASONS)
const detail = z.string().transform((text) => text.slice(0, DETAIL_MAX))
/** No payment takes ten years, and a time that far is still one. */
const SECONDS_MAX = 315_360_000n
const seconds = z.bigint().nonnegative().max(SECONDS_MAX)

/** An amount in the asset of the rail, rebuilt with the scale and ledger that the start has checked. */
function amountIn(asset: Asset, units: z.ZodType<bigint>) {
  return z.object({ asset: z.object({ id: z.literal(asset.id) }), units }).transform(({ units }): Money => money(asset, units))
}

function realUnits(asset: Asset) {
  return z.bigint().nonnegative().max(unitsMaxOf(asset))
}

/** What became of an attempt that may cost `feeMax` units at most. */
export function outcomeOf(answer: unknown, { rail, asset, feeMax }: Named & Readonly<{ feeMax: bigint | undefined }>): Reading<Outcome> {
  const fee = amountIn(asset, feeMax === undefined ? realUnits(asset) : z.bigint().nonnegative().max(feeMax))
  const id = z.string().min(1).max(ID_MAX)
  const evidence = z.object({ rail: z.literal(rail), id, at: z.number(), proof: z.string().exactOptional() })
  const yes = z.literal(true).exactOptional()
  const outcome = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('settled'), evidence, fee }),
    z.object({ kind: z.literal('failed'), reason, detail: detail.exactOptional() }),
    z.object({
      kind: z.literal('unknown'),
      checkAfterMs: z.number().nonnegative(),
      stuck: yes,
      silent: yes,
      refusal: reason.exactOptional(),
      detail: detail.exactOptional(),
    }),
  ])
  return reading(outcome.safeParse(answer))
}

/** Terms for one payment. What is available is nothing where it is less: a rail may count its fee against what it holds. */
export function estimateOf(answer: unknown, { asset }: Named): Reading<Estimate> {
  const fee = amountIn(asset, realUnits(asset))
  const available = amountIn(
    asset,
    z.bigint().transform((units) => (units < 0n ? 0n : units)),
  )
  const successPpm = z.bigint().nonnegative().max(CERTAIN_PPM)
  const count = z.int().nonnegative()
  const estimate = z.discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('possible'),
        fee,
        feeMax: fee,
        failureFee: fee,
        successPpm,
        secondsToFunds: seconds,
        secondsToFail: seconds,
        available,
        route: z.object({ hops: count, lockBlocks: count }).exactOptional(),
      })
      .refine((terms) => terms.fee.units <= terms.feeMax.units, { message: 'the fee is above its own limit', path: ['feeMax'] }),
    z.object({ kind: z.literal('impossible'), reason, detail }),
  ])
  return reading(estimate.safeParse(answer))
}

/** What the rail holds: one amount, at the place `account`. */
export function balancesOf(answer: unknown, { asset }: Named): Reading<readonly RailBalance[]> {
  const line = z.object({ what: z.string(), amount: amountIn(asset, z.bigint()), payments: z.array(z.string()).exactOptional() })
  const balance = z.object({
    place: z.literal('account'),
    amount: amountIn(asset, realUnits(asset)),
    at: z.number(),
    cursor: z.string().exactOptional(),
    inFlight: z.array(line),
  })
  return reading(z.array(balance).length(1).safeParse(answer))
}

/** What left the place `account` and nothing here sent; undefined where the rail cannot tell now. */
export function strangersOf(answer: unknown, { asset }: Named): Reading<readonly Stranger[] | undefined> {
  const name = z.string().min(1).max(ID_MAX)
  const stranger = z.object({
    id: name,
    place: z.literal('account'),
    kind: z.enum(['payment', 'fee']),
    side: z.enum(['in', 'out']),
    amount: amountIn(asset, realUnits(asset)),
    day: z.iso.date(),
    names: z.array(name).max(NAMES_MAX),
    counterparty: detail.exactOptional(),
    text: detail.exactOptional(),
  })
  return reading(z.array(stranger).max(STRANGERS_MAX).optional().safeParse(answer))
}

/** The first thing that is wrong, by its place; never the value, which may be a secret of the rail's. */
function reading<T>(parsed: z.ZodSafeParseResult<T>): Reading<T> {
  if (parsed.success) return { kind: 'good', value: parsed.data }
  const [issue] = parsed.error.issues
  return { kind: 'wrong', why: `${issue?.path.join('.') || 'the answer'}: ${issue?.message}` }
}
