import { GatewayError } from '../errors/gatewayError.ts'
import { type Asset, sameAsset } from '../money/asset.ts'
import type { AccountPath } from '../ports/books.ts'
import type { SuspenseContext } from './context.ts'

/** Accounts that a hand may change if they exist. Pots, shares and the like mirror a contract, and transit, nets and exchanges have a process. */
const EXISTING = /^(?:rail|party|surplus|fx):/
/** Accounts that a hand may begin: what the operator earns, spends and owns. */
const OPERATORS = /^(?:fee:(?:earned|paid:[a-z0-9:]{1,30})|capital:[a-z_]{1,40})$/

/** Refuses with `invalid_request` an account that no adjustment may touch. Money leaves suspense by its items only, so suspense is never debited. */
export function checkAdjustment(c: Pick<SuspenseContext, 'books'>, o: { debit: AccountPath; credit: AccountPath; asset: Asset }): void {
  const wrong: { path: string; message: string }[] = []
  if (!isAdjustable(c, o.debit, o.asset)) wrong.push({ path: 'debit', message: 'is no account that can be adjusted' })
  const suspense = o.credit.startsWith('suspense:') && exists(c, o.credit.replace('suspense:', 'rail:'), o.asset)
  if (!suspense && !isAdjustable(c, o.credit, o.asset)) wrong.push({ path: 'credit', message: 'is no account that can be adjusted' })
  if (o.debit === o.credit) wrong.push({ path: 'credit', message: 'is the account that is debited' })
  if (wrong.length > 0) {
    throw new GatewayError('invalid_request', 'The books cannot be adjusted so', {
      hint: 'Name accounts of rails, parties, surplus, liquidity, fees or capital; what waits in suspense is assigned, refunded or written off.',
      meta: { errors: wrong },
    })
  }
}

function isAdjustable(c: Pick<SuspenseContext, 'books'>, path: AccountPath, asset: Asset): boolean {
  return OPERATORS.test(path) || (EXISTING.test(path) && c.books.accounts(path).some((a) => a.path === path && sameAsset(a.asset, asset)))
}

/** True when the rail holds something of this asset in any of its places. */
function exists(c: Pick<SuspenseContext, 'books'>, rail: AccountPath, asset: Asset): boolean {
  return c.books.accounts(rail).some((account) => sameAsset(account.asset, asset))
}
