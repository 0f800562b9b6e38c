import type { SignedReceipt } from '../../audit/receipt/receipt.ts'
import type { PaymentState } from '../../payins/status/paymentStatus.ts'
import { fillPlain } from '../html/html.ts'
import { en } from '../html/words/en.ts'
import type { Words } from '../html/words/words.ts'
import { type PdfLine, writePdf } from './pdf.ts'
import type { ReceiptNames } from './receiptNames.ts'
import { whereItStands } from './receiptPage.ts'

/** Languages that are written in the letters that a PDF has without a font of its own. */
const LATIN = ['en', 'de', 'es', 'fr', 'it', 'pt']

type Shown = Readonly<{ signed: SignedReceipt; state: PaymentState; reason?: string | undefined; words: Words; names: ReceiptNames }>

/** A receipt on paper: what its page says, with the signature in letters. */
export function receiptPdf({ signed, state, reason, words: wanted, names }: Shown): Buffer {
  const { receipt, key_id: keyId, signature } = signed
  const words = LATIN.includes(wanted.lang) ? wanted : en
  const { codeOf, money } = names
  const title = fillPlain(words.receiptTitle, { amount: money(receipt.price) })
  const rows: [string, string][] = [
    [words.soldFor, receipt.resource],
    [words.price, money(receipt.price)],
    [words.paidBy, `${receipt.rail}, ${money(receipt.paid)}`],
    [words.fee, money(receipt.fee)],
    [words.rate, receipt.rate.split(' ').map(codeOf).join(' ')],
    [words.issued, receipt.issued_at],
    [words.number, receipt.id],
    [words.reference, receipt.entry],
    ...(receipt.parts.length > 1
      ? [[words.shares, receipt.parts.map(({ to, amount }) => `${to}  ${amount}`).join('\n')] as [string, string]]
      : []),
    [
      'Ed25519',
      `${signature}\nkey ${keyId}: /.well-known/switchyard/receipt-key.pem\nover the canonical JSON (RFC 8785) of /v1/receipts/${receipt.id}`,
    ],
  ]
  const lines: PdfLine[] = [
    { text: title, as: 'title' },
    { text: whereItStands({ state, reason }, words), as: 'value' },
    ...rows.flatMap(([name, value]): PdfLine[] => [
      { text: name, as: 'label' },
      ...value.split('\n').map((text): PdfLine => ({ text, as: 'value' })),
    ]),
  ]
  return writePdf({ title, lines })
}
