import { formatAmount, type Money } from '../../money/money.ts'

/** What a bank's app reads from a QR code to fill in a SEPA credit transfer (EPC069-12 version 2.1, "BCD" version 002, in UTF-8). */
type Transfer = Readonly<{ amount: Money; name: string; iban: string; remittance: string }>

const NAME_MAX = 70
const REFERENCE_MAX = 35
/** ISO 11649: the only kind of reference that the code calls structured. */
const CREDITOR_REFERENCE = /^RF\d{2}[A-Z0-9]{1,21}$/
/** Euros and whole cents, 0.01 to 999999999.99. */
const CENTS = /^(?!0(?:\.0{1,2})?$)\d{1,9}(?:\.\d{1,2})?$/

/** The code's text; undefined when the transfer is nothing that the code can say, which then is typed from what the page shows. */
export function epcCode({ amount, name, iban, remittance }: Transfer): string | undefined {
  const euros = formatAmount(amount)
  const sayable = name.length <= NAME_MAX && !/[\r\n]/.test(name) && remittance.length <= REFERENCE_MAX
  if (amount.asset.code !== 'EUR' || !CENTS.test(euros) || !sayable) return undefined
  const reference = CREDITOR_REFERENCE.test(remittance) ? [remittance] : ['', remittance]
  // The empty fields: the bank's BIC, which version 002 does without, and the purpose.
  return ['BCD', '002', '1', 'SCT', '', name, iban, `EUR${euros}`, '', ...reference].join('\n')
}
