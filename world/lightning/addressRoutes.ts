import { createHash } from 'node:crypto'
import { createInvoice } from '../../adapters/lightning/embedded/payments/offers.ts'
import type { Route } from './jsonServer.ts'
import type { WorldNodes } from './worldNodes.ts'

/** The name of the customer's Lightning Address. */
export const ADDRESS_NAME = 'customer'
const INVOICE_LIFE_MS = 600_000
const MIN_MSAT = 1_000n
const MSAT_MAX = 100_000_000n
const COMMENT_MAX = 140

/** The customer's Lightning Address, as a wallet's server serves it (LUD-06, 09, 12, 16). `url` is where these routes are reached. */
export function addressRoutes({ customer }: WorldNodes, url: () => string): Record<string, Route> {
  const metadata = () =>
    JSON.stringify([
      ['text/plain', 'Payment to the customer of the local network'],
      ['text/identifier', `${ADDRESS_NAME}@${new URL(url()).host}`],
    ])
  return {
    [`GET /.well-known/lnurlp/${ADDRESS_NAME}`]: () => ({
      tag: 'payRequest',
      callback: `${url()}/pay`,
      metadata: metadata(),
      commentAllowed: COMMENT_MAX,
      // LNURL writes millisatoshi as JSON numbers; these are small.
      minSendable: Number(MIN_MSAT),
      maxSendable: Number(MSAT_MAX),
    }),
    'GET /pay': ({ query }) => {
      const amount = query.get('amount') ?? ''
      const amountMsat = /^[0-9]{1,15}$/.test(amount) ? BigInt(amount) : 0n
      if (amountMsat < MIN_MSAT || amountMsat > MSAT_MAX)
        return { status: 'ERROR', reason: `the amount must be ${MIN_MSAT} to ${MSAT_MAX} msat` }
      const now = customer.now()
      const descriptionHash = createHash('sha256').update(metadata()).digest('hex')
      const wanted = { amountMsat, description: '', descriptionHash, expiresAt: now + INVOICE_LIFE_MS, now }
      const { invoice } = createInvoice(customer.manager, wanted)
      return { pr: invoice, routes: [], successAction: { tag: 'message', message: 'The customer says thank you.' } }
    },
  }
}
