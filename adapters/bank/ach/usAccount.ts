import type { Destination } from '../../../gateway/ports/sender.ts'
import { isRoutingNumber } from '../nacha/routingNumber.ts'

export type UsAccount = Extract<Destination, { kind: 'us_account' }>

/** Seventeen characters of an entry's field; banks use digits, and some letters and dashes. */
const ACCOUNT = /^[A-Za-z0-9-]{1,17}$/
/** What an entry's name field carries as it is. */
const NAME = /^[ -~]{1,70}$/

/** How an account is known in our data file, and told apart from every other. */
export function accountKey({ routing, account, type }: Pick<UsAccount, 'routing' | 'account' | 'type'>): string {
  return `${routing}/${account}/${type}`
}

/** Why this destination could never be paid by ACH from the account of key `own`, or undefined. */
export function refuseUsAccount(destination: Destination, own: string): string | undefined {
  if (destination.kind !== 'us_account') return `an ACH payment goes to an account in the US, not to a ${destination.kind}`
  const { routing, account, name } = destination
  if (!isRoutingNumber(routing)) return `"${routing.slice(0, 12)}" is no routing number: nine digits, of which the last must fit the others`
  if (!ACCOUNT.test(account)) return 'the account number must have 1 to 17 digits, letters or dashes'
  if (ownUsAccount(destination, own)) return "this is the gateway's own account"
  return NAME.test(name) && name.trim() !== '' ? undefined : 'the name must have 1 to 70 characters of ASCII, as ACH carries no others'
}

/** Our own account, in words, when the destination is it. */
export function ownUsAccount(destination: Destination, own: string): string | undefined {
  return destination.kind === 'us_account' && accountKey(destination) === own ? 'our own bank account in the US' : undefined
}
