import { invariant } from '../../errors/invariant.ts'
import { BTC } from '../../money/asset.ts'
import { formatAmount, type Money } from '../../money/money.ts'

/** Millisatoshi in a satoshi: an amount in a `bitcoin:` URI has at most eight places. */
const SATOSHI = 1_000n

/** Ways to pay one thing over bitcoin. `lightning` is a BOLT 11 invoice, `offer` a BOLT 12 one. */
type BitcoinInstructions = Readonly<{
  amount?: Money | undefined
  lightning?: string | undefined
  offer?: string | undefined
  message?: string | undefined
}>

/**
 * One URI for every wallet (BIP 321): the address is left empty, because nothing here is paid on the chain. An amount that is not whole satoshi is left to
 * the invoice, which says it exactly.
 */
export function writeBitcoinUri({ amount, lightning, offer, message }: BitcoinInstructions): string {
  invariant(amount === undefined || amount.asset.id === BTC.id, 'a bitcoin: URI is in bitcoin')
  const parameters = [
    ['amount', amount && amount.units > 0n && amount.units % SATOSHI === 0n ? formatAmount(amount) : ''],
    ['message', message ?? ''],
    ['lightning', lightning ?? ''],
    ['lno', offer ?? ''],
  ]
  const query = parameters.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${encodeURIComponent(value!)}`)
  return `bitcoin:?${query.join('&')}`
}
