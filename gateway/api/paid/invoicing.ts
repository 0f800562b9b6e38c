import type { IncomingHttpHeaders } from 'node:http'
import { ceilDivCount } from '../../money/integers.ts'
import { type AcceptPayment, readAcceptPayment } from '../../payins/challenge/acceptPayment.ts'
import { railKind } from '../../ports/railName.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'

/** How a client has an invoice that its 402 did not bring; `retry_after_s` is 0 when that may be at once. */
export type LaterInvoice = Readonly<{ how: string; retry_after_s: number }>

/** Whether a 402 is to bring an invoice; `named`: to who asks for one by name. `notHad` is called when the node made none. */
type Invoicing =
  | Readonly<{ kind: 'now'; named: boolean; notHad: () => LaterInvoice }>
  | Readonly<{ kind: 'later'; later: LaterInvoice }>
  | Readonly<{ kind: 'never' }>

/** Who asks for an invoice by name has a budget apart from what it is offered unasked. */
const HOW = 'Repeat the request with Accept-Payment: lightning/charge to have an invoice.'
const HOW_OF_PASS = 'Repeat the request later to have the invoice of a pass.'
const MS_PER_S = 1_000
/** A node that was too busy, or away. */
const BUSY_S = 2

/** Each unpaid invoice is work of the node, so who pays none gets no more for a while, and none is made for who says that it pays in another way. */
export function invoicingFor(faces: PaidFaces, route: PricedRoute, request: AskedRequest): Invoicing {
  if (!faces.payins.receivers.some((receiver) => railKind(receiver.rail) === 'lightning')) return { kind: 'never' }
  const wish = wishIn(request.headers)
  // An invoice is paid in full, before anybody knows what the work will use: it buys a budget, and no single request.
  if (route.upto && (wish !== 'unsaid' || !sellsBudget(faces, route))) return { kind: 'never' }
  const how = route.upto ? HOW_OF_PASS : HOW
  if (wish === 'no') return { kind: 'later', later: laterInvoice(how, 0) }
  const budget = budgetOf(route, request)
  const waitMs = budget ? faces.guard.invoice(budget.of, budget.route) : 0
  if (waitMs > 0) return { kind: 'later', later: laterInvoice(how, wish === 'named' || route.upto ? ceilDivCount(waitMs, MS_PER_S) : 0) }
  return {
    kind: 'now',
    named: wish === 'named',
    notHad() {
      if (budget) faces.guard.invoicePaid(budget.of, budget.route)
      return laterInvoice(how, BUSY_S)
    },
  }
}

/** Whether a pass of this route can be had now that covers what this request may cost. */
function sellsBudget({ payins }: PaidFaces, { pass, price, seller }: PricedRoute): boolean {
  return pass?.kind === 'budget' && pass.price.units >= price.units && payins.passes.hasRoom(seller)
}

/** Whether a 402 is to bring the invoice of a session's deposit beside any other: to who says nothing, or names it. It is counted with the others. */
export function mayAskForInvoice(faces: PaidFaces, route: PricedRoute, request: AskedRequest): boolean {
  if (!faces.payins.receivers.some((receiver) => railKind(receiver.rail) === 'lightning')) return false
  const weight = acceptedIn(request.headers)
  if (weight ? weight('lightning', 'session') <= 0 : request.headers['payment-signature'] !== undefined) return false
  const budget = budgetOf(route, request)
  return !budget || faces.guard.invoice(budget.of, budget.route) === 0
}

/** Who has paid can have as many invoices more. */
export function paidFor(faces: PaidFaces, route: PricedRoute, request: AskedRequest): void {
  const budget = budgetOf(route, request)
  if (budget) faces.guard.invoicePaid(budget.of, budget.route)
}

/** With whose invoices these are counted; nobody's where a seller does not say who asks. */
function budgetOf({ publicUrl, url }: PricedRoute, { asker, isMany, headers }: AskedRequest) {
  if (isMany) return undefined
  return { of: wishIn(headers) === 'named' ? `${asker} by name` : asker, route: `${publicUrl}${url}` }
}

/** What the client says of Lightning. A proof of x402 says that it pays on a chain. */
function wishIn(headers: IncomingHttpHeaders): 'named' | 'unsaid' | 'no' {
  const weight = acceptedIn(headers)
  if (weight) return weight('lightning', 'charge') > 0 ? 'named' : 'no'
  return headers['payment-signature'] === undefined ? 'unsaid' : 'no'
}

/** What the client says that it pays by; undefined where it says nothing that can be read. */
function acceptedIn({ 'accept-payment': accept }: IncomingHttpHeaders): AcceptPayment | undefined {
  return typeof accept === 'string' ? readAcceptPayment(accept) : undefined
}

/** The same, and that a client which has sent a credential of MPP reads its challenges: those it is told first. */
export function spokenIn(headers: IncomingHttpHeaders): AcceptPayment | undefined {
  return acceptedIn(headers) ?? (/^\s*Payment\s/i.test(headers.authorization ?? '') ? () => 1 : undefined)
}

function laterInvoice(how: string, retryAfterS: number): LaterInvoice {
  return { how, retry_after_s: retryAfterS }
}
