import type { TraderData } from '../../invoices/facts.ts'
import { type Invoice, numberText } from '../../invoices/invoice.ts'
import { reasonOf } from '../../invoices/taxRules.ts'
import { totalsOf, twoPlaces } from '../../invoices/totals.ts'
import { type PdfLine, writePdf } from './pdf.ts'

const usd = (cents: bigint) => `${twoPlaces(cents)} USD`

/** The invoice on paper: what the e-invoice says, as it was issued. `page`: where it is paid. */
export function invoicePdf({ data }: Pick<Invoice, 'data'>, page: string): Buffer {
  const { seller, buyer, lines, exemption } = data
  const { taxes, net, tax, total, lines: nets } = totalsOf(lines)
  const title = `Invoice ${numberText(data)}`
  const rows: [string, string[]][] = [
    ['Seller', [...traderOf(seller), data.payee.id]],
    ['Buyer', traderOf(buyer)],
    ['Date of issue', [data.issuedOn]],
    ['Due', [data.dueOn]],
    ...lines.map(({ description, quantity, unitPrice, tax: { category, rate } }, i): [string, string[]] => [
      `${i + 1}`,
      [description, `${quantity} x ${unitPrice} USD = ${usd(nets[i]!)} (VAT ${category}${category === 'O' ? '' : ` ${rate} %`})`],
    ]),
    ['Without VAT', [usd(net)]],
    ...taxes.map(({ category, rate, base, tax: part }): [string, string[]] => {
      const reason = reasonOf(category, exemption)
      return [
        `VAT ${category}`,
        [`${category === 'O' ? '' : `${twoPlaces(rate)} % of `}${usd(base)}: ${usd(part)}`, ...(reason ? [reason] : [])],
      ]
    }),
    ['VAT in all', [usd(tax)]],
    ['Total', [usd(total)]],
    ['To be paid', [usd(data.paid ? 0n : total), data.paid ? `Paid already: ${data.intent}` : page]],
  ]
  const drawn: PdfLine[] = rows.flatMap(([name, values]): PdfLine[] => [
    { text: name, as: 'label' },
    ...values.map((text): PdfLine => ({ text, as: 'value' })),
  ])
  return writePdf({ title, lines: [{ text: title, as: 'title' }, ...drawn] })
}

function traderOf({ name, address: { street, city, postalCode, country }, vatId }: TraderData): string[] {
  const place = [postalCode, city].filter((part) => part !== undefined).join(' ')
  return [name, street ?? '', place, country, vatId === undefined ? '' : `VAT ${vatId}`].filter((line) => line !== '')
}
