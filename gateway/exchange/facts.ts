import { type MoneyData, type PayoutFact, readMoneyData, readFact as readPayoutFact, toMoneyData } from '../payouts/payoutState/facts.ts'
import type { Fact } from '../ports/books.ts'
import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { EntryId, ExchangeId, IntentId, PartyId } from '../ports/ids.ts'
import type { Metadata } from '../ports/metadata.ts'
import type { ExchangeLeg, HeldPay, IntentPay, ReturnReason } from './exchange.ts'

type Shaped<T extends string, D> = FactOf<T, ExchangeId, D>
type WithMoney<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]: MoneyData }

type HeldPayData = WithMoney<HeldPay, 'amount' | 'fee'>
type IntentPayData = WithMoney<IntentPay, 'amount'>
type LegData = WithMoney<ExchangeLeg, 'amount'>

/** Every fact that this room writes; `exchange.taken` goes along with the booking of the payment that the node reports. */
export type ExchangeFact =
  | Shaped<
      'exchange.created',
      Readonly<{
        party: PartyId
        createdBy: string
        pay: HeldPayData | IntentPayData
        toPay: LegData
        claims: readonly string[]
        metadata?: Metadata
      }>
    >
  /** The payment waits at the node; its entry holds it and gives the payout its funds. */
  | Shaped<'exchange.held', Readonly<{ decideBy: number; excess: MoneyData; entry: EntryId }>>
  /** The time to decide is over and the payout may have moved: the payment will be taken. */
  | Shaped<'exchange.doubted', Readonly<{ decideBy: number }>>
  /** The payment is ours. `stray`: the exchange did not hold it any more, so it stands on the party's balance. */
  | Shaped<'exchange.taken', Readonly<{ stray: boolean }>>
  /** The payment went back to its payer, or was never made. */
  | Shaped<'exchange.released', Readonly<{ reason: ReturnReason | 'unpaid' }>>
  /** The node gave the payment back by itself while the payout may have moved. */
  | Shaped<'exchange.lost', Readonly<{ state: string }>>
  /** A payout whose payment was lost has been made: capital bears it. */
  | Shaped<'exchange.covered', Readonly<Record<string, never>>>
  /** A payout whose payment was taken has failed: its amount goes to the party's balance. */
  | Shaped<'exchange.credited', Readonly<Record<string, never>>>

const kinds = factKinds<ExchangeFact>({
  'exchange.created': true,
  'exchange.held': true,
  'exchange.doubted': true,
  'exchange.taken': true,
  'exchange.released': true,
  'exchange.lost': true,
  'exchange.covered': true,
  'exchange.credited': true,
})

/** What an exchange learns from: its own facts, those of its payouts, and the end of its intent. */
export type AppliedFact = ExchangeFact | PayoutFact | IntentFact

type IntentFact = Readonly<{ type: 'intent.settled' | 'intent.expired' | 'intent.canceled'; id: IntentId; at: number }>

export const toFact = kinds.write

/** The fact when it is of a kind that an exchange learns from. */
export function readFact(fact: Fact): AppliedFact | undefined {
  if (fact.type === 'intent.settled' || fact.type === 'intent.expired' || fact.type === 'intent.canceled') {
    return { type: fact.type, id: fact.id as IntentId, at: fact.at } // Facts of intents are named by them.
  }
  return kinds.read(fact) ?? readPayoutFact(fact)
}

export function isExchangeFact(fact: AppliedFact): fact is ExchangeFact {
  return fact.type.startsWith('exchange.')
}

export function isIntentFact(fact: AppliedFact): fact is IntentFact {
  return fact.type.startsWith('intent.')
}

export function toPayData(pay: HeldPay | IntentPay): HeldPayData | IntentPayData {
  if (pay.kind === 'intent') return { ...pay, amount: toMoneyData(pay.amount) }
  return { ...pay, amount: toMoneyData(pay.amount), fee: toMoneyData(pay.fee) }
}

export function readPayData(pay: HeldPayData | IntentPayData): HeldPay | IntentPay {
  if (pay.kind === 'intent') return { ...pay, amount: readMoneyData(pay.amount) }
  return { ...pay, amount: readMoneyData(pay.amount), fee: readMoneyData(pay.fee) }
}

export function toLegData(leg: ExchangeLeg): LegData {
  return { ...leg, amount: toMoneyData(leg.amount) }
}

export function readLegData(leg: LegData): ExchangeLeg {
  return { ...leg, amount: readMoneyData(leg.amount) }
}
