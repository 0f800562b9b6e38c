/** A refusal as Stripe words it. */
export class StripeRefusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

type Metadata = Record<string, string>
export type Session = { id: string; object: string; url: string; cents: number; metadata: Metadata; paid: boolean; expires_at: number }
export type Charge = { id: string; object: 'charge'; amount: number; payment_intent: string; metadata: Metadata; refunded: number }
export type Refund = {
  id: string
  object: 'refund'
  amount: number
  created: number
  payment_intent: string
  metadata: Metadata
  status: string
}
export type Transfer = {
  id: string
  object: 'transfer'
  amount: number
  created: number
  destination: string
  transfer_group: string
  metadata: Metadata
}
export type Payout = { id: string; object: 'payout'; amount: number; currency: string; created: number; status: string }
export type Transaction = {
  id: string
  object: 'balance_transaction'
  amount: number
  fee: number
  net: number
  currency: string
  created: number
  available_on: number
  reporting_category: string
  /** The object, whose id alone is shown unless it is asked for. */
  source: { id: string } | null
}

/** `feeOf`: what is taken of a payment, in cents. */
export type AccountOptions = Readonly<{ currency: string; openingCents: number; feeOf: (cents: number) => number; now: () => number }>

/** What the account holds and what has moved, the newest first. */
export function createBooks({ currency, openingCents, feeOf, now }: AccountOptions) {
  const transactions: Transaction[] = []
  let serial = 0
  let cents = openingCents
  let refundStatus = 'succeeded'
  const seconds = () => Math.floor(now() / 1_000)
  const idOf = (kind: string) => `${kind}_${String(++serial).padStart(16, '0')}`
  return {
    currency,
    feeOf,
    seconds,
    idOf,
    sessions: new Map<string, Session>(),
    charges: new Map<string, Charge>(),
    refunds: [] as Refund[],
    transfers: [] as Transfer[],
    payouts: [] as Payout[],
    transactions,
    cents: () => cents,
    refundStatus: () => refundStatus,
    /** What refunds are from now on when they are made. */
    makeRefunds: (status: string) => {
      refundStatus = status
    },
    book(category: string, amount: number, about: Readonly<{ source: { id: string } | null; fee?: number; at?: number }>): void {
      const { source, fee = 0 } = about
      cents += amount - fee
      const at = about.at ?? seconds()
      const rest = { currency, created: at, available_on: at + 172_800, reporting_category: category, source }
      const place = transactions.findIndex(({ created }) => created <= at)
      const made: Transaction = { id: idOf('txn'), object: 'balance_transaction', amount, fee, net: amount - fee, ...rest }
      transactions.splice(place < 0 ? transactions.length : place, 0, made)
    },
    fromBalance(amount: number): void {
      if (amount > cents)
        throw new StripeRefusal(400, 'balance_insufficient', 'You have insufficient available funds in your Stripe account.')
    },
  }
}

export type Books = ReturnType<typeof createBooks>
