import { AsyncLocalStorage } from 'node:async_hooks'
import type { Quote } from '../../gateway/client/quote.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { USD } from '../../gateway/money/asset.ts'
import { compare, type Money, money, showMoney } from '../../gateway/money/money.ts'
import type { createSpentApprovals } from './spentApprovals.ts'

/** What a person said yes to: this request (`key`), at this cost at most, in millionths of a dollar, once (`nonce`). */
export type Approved = Readonly<{ key: string; units: string; nonce: string }>

/** One call of `pay`. `canAsk`: the client can put a question to its person. `max`: what the caller would have it cost at most. */
type Asking = Readonly<{ key: string; canAsk: boolean; approved: Approved | undefined; max: Money | undefined }>

/** Thrown out of a payment that nobody has approved yet, before anything is signed. */
export class NeedsPerson extends Error {
  override readonly name = 'NeedsPerson'
  readonly quote: Quote
  readonly cost: Money

  constructor(quote: Quote, cost: Money) {
    super(`${showMoney(cost)} for ${quote.url} needs a person's approval`)
    this.quote = quote
    this.cost = cost
  }
}

/** Decides on each payment by the call that it is made for. A price that has risen since the person was asked is asked about again. */
export function createApproval(unattended: Money | undefined, { spend }: ReturnType<typeof createSpentApprovals>) {
  const asking = new AsyncLocalStorage<Asking>()
  /** Calls that have spent their approval. The payer asks such a call again only when the bid before certainly took nothing. */
  const paying = new WeakSet<Asking>()
  async function isGood(call: Asking, cost: Money): Promise<boolean> {
    const { approved, key } = call
    if (approved?.key !== key || compare(cost, money(USD, BigInt(approved.units))) > 0) return false
    if (!paying.has(call) && !(await spend(approved.nonce))) return false
    paying.add(call)
    return true
  }
  return {
    during: <T>(call: Asking, work: () => Promise<T>): Promise<T> => asking.run(call, work),
    /** Whether the payment may be made, by which an approval is spent: the payer sets the cost aside next. */
    async approve(quote: Quote): Promise<boolean> {
      const call = asking.getStore()
      const cost = quote.total
      // The payer has no bid without a cost, and pays in no other place than a call.
      if (!call || !cost) return false
      if (call.max && compare(cost, call.max) > 0) {
        throw new GatewayError('budget_exceeded', `${showMoney(cost)} is more than the ${showMoney(call.max)} that this call allows`, {
          hint: 'Nothing was signed or paid. Raise max, if the answer is worth it.',
          meta: { limit: 'max' },
        })
      }
      if (call.canAsk) {
        if (await isGood(call, cost)) return true
        throw new NeedsPerson(quote, cost)
      }
      if (unattended && compare(cost, unattended) <= 0) return true
      throw new GatewayError('payment_declined', `${showMoney(cost)} for ${quote.url}: nobody can be asked, and that is not paid unasked`, {
        hint: 'Nothing was signed or paid. Use a client that can ask its person (MCP elicitation), or name a limit in `unattended`.',
      })
    },
  }
}
