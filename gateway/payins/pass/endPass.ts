import { moneyText } from '../../audit/receipt/receipt.ts'
import { type HeadOf, nextWord, unlessSpokenOver, untilSaid } from '../../audit/receipt/receiptChain.ts'
import type { News } from '../../audit/receipt/receiptUpdate.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitWhenRoom } from '../../ledger/process/submit.ts'
import { type Asset, BTC, sameAsset } from '../../money/asset.ts'
import { floorDiv, min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Payee, Splits } from '../../parties/party/splits.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Ground } from '../../ports/ground.ts'
import type { EntryId, PartyId, SplitKey } from '../../ports/ids.ts'
import type { RateSource } from '../../ports/rates.ts'
import { creditLegs, move } from '../settlement/legs.ts'
import { toPassFact } from './facts.ts'
import { goesBack, type Pass, passAccount } from './pass.ts'

export type EndParts = Readonly<{
  ground: Ground
  books: Books
  splits: Pick<Splits, 'get' | 'house'>
  headOf: HeadOf
}>

/** Ends one pass: what is left of uses is their seller's, who had promised them; what is left of a budget or a session is its payer's. */
export function createEndPass({ ground, books, splits, headOf }: EndParts): (pass: Pass) => Promise<void> {
  const { clock, ids, rates } = ground

  async function legsOf(pass: Pass, left: Money, back: Money): Promise<Leg[]> {
    const from = passAccount(pass.id)
    if (left.units === 0n) return []
    if (!goesBack(pass)) return creditLegs(await payeeOf(pass, splits), left, from)
    const surplus = accounts.surplus(pass.receipt)
    if (sameAsset(left.asset, back.asset)) return [move(from, surplus, left)]
    const fx = accounts.fx(left.asset, back.asset)
    // Less than a millisatoshi stays with who converts.
    return [move(from, fx, left), ...(back.units > 0n ? [move(fx, surplus, back)] : [])]
  }

  return async (pass) => {
    const asset = ground.assetOf(pass.asset)
    const { creditsPosted, debitsPosted } = books.balance(passAccount(pass.id), asset)
    const left = money(asset, creditsPosted - debitsPosted)
    const back = backOf(pass, left, rates)
    const to = goesBack(pass) ? ({ to: 'payer', msat: back.units.toString() } as const) : ({ to: 'payee' } as const)
    const data = { request: pass.receipt, units: left.units.toString(), ...to }
    const fact = toPassFact({ type: 'pass.ended', id: pass.id, at: clock.now(), data })
    const claims = [{ key: `pass:ended:${pass.id}`, fingerprint: data.units }]
    const legs = await legsOf(pass, left, back)
    const entry = legs.length > 0 ? newEntry({ ids }, pass.receipt, legs) : undefined
    const outcome = await untilSaid(async () => {
      const head = entry && goesBack(pass) && back.units > 0n ? await headOf(pass.receipt) : undefined
      const told = nextWord(head, clock.now(), newsOf(back, entry?.id))
      const submission = { claims: [...claims, ...told.claims], facts: [fact, ...told.facts] }
      return unlessSpokenOver(await submitWhenRoom(books, entry ? { ...submission, entry } : submission))
    })
    if (outcome.kind === 'declined')
      throw new GatewayError('insufficient_liquidity', `what is left of it could not be booked (${outcome.status})`)
  }
}

async function payeeOf({ party, split }: Pass, splits: EndParts['splits']): Promise<Payee> {
  if (split !== '') return { kind: 'split', split: splits.get(split as SplitKey) } // As it was written.
  const id = party as PartyId
  return { kind: 'party', party: id, split: await splits.house(id) }
}

/** Work that was begun before its end has not been answered, and may still give its use back. */
export function isInUse(books: Books, { id }: Pass, asset: Asset): boolean {
  return books.balance(passAccount(id), asset).debitsPending > 0n
}

/** What the receipt of a budget says from its end on. */
function newsOf(back: Money, entry: EntryId | undefined): News {
  return { state: 'refund_due', reason: 'pass_ended', ...(entry && { entry }), amount: moneyText(back) }
}

/**
 * In bitcoin: the same part of what was paid as is left of what that made, and no more than what is left is worth now. Who could have the dearer of the two
 * would hold a bet on the rate that costs nothing.
 */
function backOf(pass: Pass, left: Money, rates: RateSource): Money {
  if (left.units === 0n || sameAsset(left.asset, BTC)) return money(BTC, left.units)
  const worth = convert(left, rates.rate(left.asset, BTC), 'down')
  return money(BTC, min(floorDiv(pass.msat * left.units, pass.units), worth.units))
}
