import type { KeyObject } from 'node:crypto'
import type { ReceiptId, RefundId } from '../../ports/ids.ts'
import { sameBytes } from '../challenge/challengeKeys.ts'
import { hmac } from '../challenge/hmac.ts'

const LINK = /^rf_([0-9a-f]{32})([0-9a-f]{32})$/
/** 128 bits: nobody guesses one in any number of tries that a rate lets through. */
const SECRET_LETTERS = 32

/** What a link opens: what is owed under a receipt, or one refund. */
type Opened = ReceiptId | RefundId

/** What opens a refund: `id` is the secret that its holder has, `k1` what a wallet repeats of it (LUD-03). */
type RefundLink = Readonly<{ id: string; k1: string; of: Opened }>

/** The link of this id, made under any of the keys; undefined when it was not made here. */
export function readRefundLink(keys: readonly KeyObject[], id: string): RefundLink | undefined {
  const [, digits] = LINK.exec(id) ?? []
  if (digits === undefined) return undefined
  const links = keys.flatMap((key) => [linkBy(key, `rc_${digits}`), linkBy(key, `rf_${digits}`)])
  return links.find((link) => sameBytes(Buffer.from(link.id), Buffer.from(id)))
}

/**
 * The link to what is owed under this receipt, at a gateway of this origin. Nothing is kept for it: it is an HMAC of the receipt, so that the receipt's id
 * alone opens nothing.
 */
export function refundUrl(keys: readonly KeyObject[], receipt: ReceiptId, origin: string): string {
  return `${origin}/v1/refunds/${refundLink(keys, receipt)}`
}

/** The secret at its end. */
export function refundLink(keys: readonly KeyObject[], of: Opened): string {
  return linkBy(keys[0]!, of).id
}

/** The HMAC is over the id with its kind, so that a receipt's link is none of a refund with the same digits. */
function linkBy(key: KeyObject, of: Opened): RefundLink {
  const k1 = hmac(key, of).toString('hex').slice(0, SECRET_LETTERS)
  return { id: `rf_${of.slice('rc_'.length)}${k1}`, k1, of }
}
