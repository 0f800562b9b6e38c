import { accounts } from '../../ledger/journal/accounts.ts'
import { submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { max } from '../../money/integers.ts'
import { type Money, money, mulDiv, showMoney } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { AccountPath, Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { SplitOperator } from '../../ports/receiver.ts'
import { type ClaimStep, toShareClaimFact } from './facts.ts'
import { dueAt, nextStep, type RowSums } from './nextStep.ts'
import type { OwedRow, RowRecords } from './rowRecords.ts'
import { shareOf } from './shareOf.ts'

/** What was not worth it is looked at again after so long; what could not be asked, or was said differently, sooner. */
const AGAIN_MS = 600_000
export const SOON_MS = 15_000

/** A chain with its token, as this room uses it. */
export type ShareChain = Readonly<{ rail: EvmRailName; asset: Asset }> & SplitOperator

const VERDICTS = ['nothing', 'gathering', 'small', 'due', 'differs', 'foreign'] as const
/**
 * How it stands with a row. `small`: not worth its gas yet. `due`: worth it, and about to be begun. `differs`: contract and ledger do not say the same.
 * `foreign`: the contract would pay an account that is not the gateway's any more.
 */
export const ROW_STATES = [...VERDICTS, 'under_way'] as const

/** What a look at a row has found. */
export type Seen = Readonly<{ verdict: (typeof VERDICTS)[number]; detail: string; againMs: number }>

export type LookParts = Readonly<{
  books: Books
  splits: Pick<Splits, 'bySplitId' | 'isPayableOnChain'>
  chainOf: (rail: string) => ShareChain | undefined
  rates: RateSource
  clock: Clock
  ids: IdSource
  records: RowRecords
  /** Under way at once on a chain. */
  openMax: number
}>

/** Looks at a row whose time has come, and begins a sweep or a claim where one is worth its gas. Throws `rail_unavailable`. */
export async function lookAtRow(o: LookParts, row: OwedRow): Promise<Seen> {
  const [split, chain, now] = [o.splits.bySplitId(row.splitId), o.chainOf(row.rail), o.clock.now()]
  const share = split && shareOf(split)
  if (!split || !chain || !share) return seen('nothing')
  const [owed, pot] = [credit(o, accounts.share(split.splitId, share.account), chain), credit(o, accounts.pot(split.splitId), chain)]
  const step = nextStep(sumsOf(o, { row, chain, owed, undivided: mulDiv(pot, share.shares, share.totalShares, 'down') }), now)
  if (step === 'nothing') return seen('nothing')
  const said = (units: bigint) => showMoney(money(chain.asset, units))
  if (!o.splits.isPayableOnChain(split)) return seen('foreign', `${split.key}: ${said(owed + pot)} for ${share.account}`)
  if (step === 'gathering') return seen('gathering', '', max(dueAt(row) - now, SOON_MS))
  if (step === 'small') return seen('small')
  if (o.records.open().filter(({ rail }) => rail === row.rail).length >= o.openMax) return seen('due', '', SOON_MS)
  const held = await chain.shareHeld(split.splitId, share)
  const [ledger, contract] = step === 'sweep' ? [pot, held.inReceiver] : [owed, held.owed]
  if (ledger !== contract) return seen('differs', `${split.key}: ${said(ledger)} in the ledger, ${said(contract)} on chain`, SOON_MS)
  await begin(o, { row, step, units: contract })
  return seen('due', '', SOON_MS)
}

/** Durable before it is sent: who starts again finds it, and asks the rail by its id. */
async function begin(o: LookParts, { row, step, units }: Readonly<{ row: OwedRow; step: ClaimStep; units: bigint }>): Promise<void> {
  const id = o.ids.attempt()
  const data = { rail: row.rail, splitId: row.splitId, step, units: units.toString() }
  const begun = toShareClaimFact({ type: 'share_claim.begun', id, at: o.clock.now(), data })
  await submitWhenRoom(o.books, { claims: [{ key: `share_claim:${id}`, fingerprint: step }], facts: [begun] })
}

type Owed = Readonly<{ row: OwedRow; chain: ShareChain; owed: bigint; undivided: bigint }>

function sumsOf({ rates }: Pick<LookParts, 'rates'>, { row, chain, owed, undivided }: Owed): RowSums {
  const inToken = (cost: Money) => (cost.units === 0n ? 0n : convert(cost, rates.rate(cost.asset, chain.asset), 'up').units)
  const cost = { sweep: inToken(chain.splitCost('sweep')), claim: inToken(chain.splitCost('claim')) }
  return { owed, undivided, cost, since: row }
}

function credit({ books }: Pick<LookParts, 'books'>, path: AccountPath, { asset }: ShareChain): bigint {
  const { creditsPosted, debitsPosted } = books.balance(path, asset)
  return creditsPosted - debitsPosted
}

function seen(verdict: Seen['verdict'], detail = '', againMs = AGAIN_MS): Seen {
  return { verdict, detail, againMs }
}
