import type { TraderData } from '../../invoices/facts.ts'
import { type Invoice, type InvoiceStatus, numberText } from '../../invoices/invoice.ts'
import { moneyOfCents, totalsOf, twoPlaces } from '../../invoices/totals.ts'
import { USD } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import { moneyView } from '../http/views.ts'

const centsView = (cents: bigint) => moneyView(moneyOfCents(cents))

/** An invoice as the API shows it: its sums as its documents have them. */
export function invoiceView({ id, data, issuedAt }: Invoice, status: InvoiceStatus) {
  const { intent, payee, seller, buyer, lines, exemption, issuedOn, dueOn, paid, metadata, by } = data
  const { lines: nets, taxes, net, tax, total } = totalsOf(lines)
  return {
    id,
    object: 'invoice',
    number: numberText(data),
    status,
    payment_intent: intent,
    [payee.kind]: payee.id,
    seller: traderView(seller),
    buyer: traderView(buyer),
    lines: lines.map((line, i) => ({
      description: line.description,
      quantity: line.quantity,
      unit_price: moneyView(parseAmount(line.unitPrice, USD)),
      net: centsView(nets[i]!),
      tax: line.tax,
    })),
    taxes: taxes.map(({ category, rate, base, tax: part }) => ({
      category,
      rate: twoPlaces(rate),
      base: centsView(base),
      amount: centsView(part),
    })),
    net: centsView(net),
    tax: centsView(tax),
    total: centsView(total),
    exemption_reason: exemption ?? null,
    issued_on: issuedOn,
    due_on: dueOn,
    paid_at_issue: paid,
    page: `/pay/${intent}`,
    pdf: `/invoices/${id}.pdf`,
    xml: `/v1/invoices/${id}.xml`,
    metadata,
    created_by: by,
    created_at: new Date(issuedAt).toISOString(),
  }
}

function traderView({ name, address: { street, city, postalCode, country }, vatId }: TraderData) {
  return {
    name,
    address: { street: street ?? null, city: city ?? null, postal_code: postalCode ?? null, country },
    vat_id: vatId ?? null,
  }
}
