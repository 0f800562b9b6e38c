import { type Books, type Refund, type Session, StripeRefusal, type Transfer } from './books.ts'
import { type Form, textAt, textsAt } from './form.ts'

/** Stripe's least amount of a card payment in euros and dollars. */
const CHARGE_MIN = 50
/** A connected account that takes nothing. */
export const CLOSED_ACCOUNT = 'acct_0000000000000000'

function amountOf(form: Form, name: string): number {
  const text = textAt(form, name)
  if (text === undefined || !/^[1-9]\d{0,8}$/.test(text))
    throw new StripeRefusal(400, 'parameter_invalid_integer', `Invalid integer: ${text}`)
  return Number(text)
}

function inCurrency(form: Form, currency: string): void {
  if (textAt(form, 'currency') !== currency) throw new StripeRefusal(400, 'currency_not_supported', 'The account is in another currency')
}

/** What a program asks Stripe to make. */
export function requests(b: Books) {
  return {
    openSession(form: Form): Session {
      const price = form.line_items
      const item = typeof price === 'object' && typeof price['0'] === 'object' ? price['0'] : {}
      const text = textAt(item, 'price_data', 'unit_amount') ?? ''
      const expires = Number(textAt(form, 'expires_at'))
      if (textAt(item, 'price_data', 'currency') !== b.currency) throw new StripeRefusal(400, 'currency_not_supported', 'Another currency')
      if (Number(text) < CHARGE_MIN) throw new StripeRefusal(400, 'amount_too_small', `The amount must be at least ${CHARGE_MIN} cents.`)
      if (!(expires >= b.seconds() + 1_800 && expires <= b.seconds() + 86_400)) {
        throw new StripeRefusal(400, 'parameter_invalid', 'expires_at must be between 30 minutes and 24 hours from now')
      }
      const id = b.idOf('cs_test')
      const data = form.payment_intent_data
      const metadata = typeof data === 'object' ? textsAt(data, 'metadata') : {}
      const url = `https://checkout.stripe.com/c/pay/${id}`
      const session = { id, object: 'checkout.session', url, cents: Number(text), metadata, paid: false, expires_at: expires }
      b.sessions.set(url, session)
      return session
    },
    transfer(form: Form): Transfer {
      inCurrency(form, b.currency)
      const amount = amountOf(form, 'amount')
      const destination = textAt(form, 'destination') ?? ''
      if (destination === CLOSED_ACCOUNT) throw new StripeRefusal(400, 'account_invalid', `No such connected account: '${destination}'`)
      b.fromBalance(amount)
      const group = textAt(form, 'transfer_group') ?? ''
      const metadata = textsAt(form, 'metadata')
      const made: Transfer = {
        id: b.idOf('tr'),
        object: 'transfer',
        amount,
        created: b.seconds(),
        destination,
        transfer_group: group,
        metadata,
      }
      b.transfers.unshift(made)
      b.book('transfer', -amount, { source: made })
      return made
    },
    refund(form: Form): Refund {
      const payment = textAt(form, 'payment_intent') ?? ''
      const charge = b.charges.get(payment)
      if (!charge) throw new StripeRefusal(404, 'resource_missing', `No such payment_intent: '${payment}'`)
      const amount = amountOf(form, 'amount')
      if (charge.refunded + amount > charge.amount)
        throw new StripeRefusal(400, 'charge_already_refunded', 'Refund amount is greater than what is left')
      b.fromBalance(amount)
      charge.refunded += amount
      const made: Refund = {
        id: b.idOf('re'),
        object: 'refund',
        amount,
        created: b.seconds(),
        payment_intent: payment,
        metadata: textsAt(form, 'metadata'),
        status: b.refundStatus(),
      }
      b.refunds.unshift(made)
      b.book('refund', -amount, { source: made })
      return made
    },
  }
}
