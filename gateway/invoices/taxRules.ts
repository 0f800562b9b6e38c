import { GatewayError } from '../errors/gatewayError.ts'
import type { InvoiceData, TaxCategory } from './facts.ts'
import { scaled } from './totals.ts'

type Said = Pick<InvoiceData, 'seller' | 'buyer' | 'lines' | 'exemption'>

/** What EN 16931 lets be said of taxes, by category (BR-S, BR-Z, BR-E, BR-AE and BR-O, -02 to -10). Throws `invalid_request`. */
export function checkTaxes({ seller, buyer, lines, exemption }: Said): void {
  const used = new Set(lines.map(({ tax }) => tax.category))
  for (const { tax } of lines) {
    const taxed = scaled(tax.rate, 2) > 0n
    if (taxed !== (tax.category === 'S'))
      throw wrong(`lines: a rate above 0 is for category S, and S has one; ${tax.category} has ${tax.rate}`)
  }
  if (used.has('O')) {
    if (used.size > 1) throw wrong('lines: category O, outside the scope of VAT, stands alone on an invoice')
    if (seller.vatId !== undefined || buyer.vatId !== undefined) throw wrong('vat_id: an invoice of category O names no VAT number')
  } else if (seller.vatId === undefined)
    throw wrong(`seller.vat_id: category ${[...used].join(' and ')} needs the VAT number of the seller`)
  if (used.has('AE') && buyer.vatId === undefined) throw wrong('buyer.vat_id: reverse charge (AE) needs the VAT number of the buyer')
  if (used.has('E') !== (exemption !== undefined)) throw wrong('exemption_reason: goes with lines of category E, and these need it')
}

/** Why no tax is charged; undefined where it is, also at a rate of 0. */
export function reasonOf(category: TaxCategory, exemption: string | undefined): string | undefined {
  if (category === 'AE') return 'Reverse charge'
  if (category === 'O') return 'Not subject to VAT'
  return category === 'E' ? exemption : undefined
}

function wrong(said: string): GatewayError {
  return new GatewayError('invalid_request', said)
}
