import { createHash } from 'node:crypto'
import { createInvoice } from '../../adapters/lightning/embedded/payments/offers.ts'
import { type Ending, heldInvoice } from './heldInvoices.ts'
import type { Route } from './jsonServer.ts'
import type { WorldNodes } from './worldNodes.ts'

/** The name of the customer's Lightning Address. */
export const ADDRESS_NAME = 'customer'
const INVOICE_LIFE_MS = 600_000
const MIN_MSAT = 1_000n
const MSAT_MAX = 100_000_000n
const COMMENT_MAX = 140

type Wanted = Readonly<{ amountMsat: bigint; descriptionHash: string; expiresAt: number; now: number }>
/** What a wallet answers who wants an invoice of it. */
type Answer = (wanted: Wanted) => object | Promise<object>

/** The customer's Lightning Address, as a wallet's server serves it (LUD-06, 09, 12, 16), and others at its host by what becomes of their payments. */
export function addressRoutes({ customer }: WorldNodes, url: () => string): Record<string, Route> {
  const waiting = (ending: Ending) => async (wanted: Wanted) => ({ pr: await heldInvoice(customer, wanted, ending), routes: [] })
  const answers: Readonly<Record<string, Answer>> = {
    [ADDRESS_NAME]: (wanted) => {
      const { invoice } = createInvoice(customer.manager, { ...wanted, description: '' })
      return { pr: invoice, routes: [], successAction: { tag: 'message', message: 'The customer says thank you.' } }
    },
    refuses: () => refusal('this wallet takes no payments'),
    holds: waiting('taken'),
    'holds-and-fails': waiting('given_back'),
  }
  const wallets = Object.entries(answers).map(([name, answer]) => walletRoutes(name, { url, now: customer.now, answer }))
  return Object.fromEntries(wallets.flatMap((routes) => Object.entries(routes)))
}

type Wallet = Readonly<{ url: () => string; now: () => number; answer: Answer }>

function walletRoutes(name: string, { url, now, answer }: Wallet): Record<string, Route> {
  const metadata = () =>
    JSON.stringify([
      ['text/plain', 'Payment to the customer of the local network'],
      ['text/identifier', `${name}@${new URL(url()).host}`],
    ])
  return {
    [`GET /.well-known/lnurlp/${name}`]: () => ({
      tag: 'payRequest',
      callback: `${url()}/pay/${name}`,
      metadata: metadata(),
      commentAllowed: COMMENT_MAX,
      // LNURL writes millisatoshi as JSON numbers; these are small.
      minSendable: Number(MIN_MSAT),
      maxSendable: Number(MSAT_MAX),
    }),
    [`GET /pay/${name}`]: ({ query }) => {
      const amount = query.get('amount') ?? ''
      const amountMsat = /^[0-9]{1,15}$/.test(amount) ? BigInt(amount) : 0n
      if (amountMsat < MIN_MSAT || amountMsat > MSAT_MAX) return refusal(`the amount must be ${MIN_MSAT} to ${MSAT_MAX} msat`)
      const at = now()
      const descriptionHash = createHash('sha256').update(metadata()).digest('hex')
      return answer({ amountMsat, descriptionHash, expiresAt: at + INVOICE_LIFE_MS, now: at })
    },
  }
}

/** As LUD-06 has it. */
function refusal(reason: string): object {
  return { status: 'ERROR', reason }
}
