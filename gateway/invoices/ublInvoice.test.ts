import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import type { InvoiceData, LineData, TaxCategory } from './facts.ts'
import { checkTaxes } from './taxRules.ts'
import { scaled, totalsOf, twoPlaces } from './totals.ts'
import { ublInvoice } from './ublInvoice.ts'

const line = (quantity: string, unitPrice: string, rate = '0', category: TaxCategory = 'S'): LineData => ({
  description: 'An essay',
  quantity,
  unitPrice,
  tax: { category, rate },
})
const trader = (name: string, country: string, vatId?: string) => ({ name, address: { country }, ...(vatId ? { vatId } : {}) })
const data = (lines: readonly LineData[], o: Partial<InvoiceData> = {}): InvoiceData => ({
  intent: 'pi_1',
  payee: { kind: 'party', id: 'pa_1' },
  number: 7,
  amount: { asset: 'USD', units: '1' },
  seller: trader('Heron & <Sons>', 'DE', 'DE123456789'),
  buyer: trader('Mia', 'FR'),
  lines,
  issuedOn: '2026-11-24',
  dueOn: '2026-12-24',
  paid: false,
  metadata: {},
  by: 'operator',
  ...o,
})

test.each([
  ['three times 0.335 is 1.01: half a cent is rounded up', [line('3', '0.335', '20')], '1.01 0.20 1.21'],
  ['each line is rounded before the sum', [line('1', '0.005', '20'), line('1', '0.005', '20')], '0.02 0.00 0.02'],
  ['a tax is of the sum of its lines, and 20 is 20.00', [line('1', '0.12', '20'), line('1', '0.12', '20.00')], '0.24 0.05 0.29'],
  ['another rate is another sum', [line('1', '0.12', '20'), line('1', '0.12', '19.5')], '0.24 0.04 0.28'],
  ['parts of one', [line('0.0001', '12345.678901', '5.5')], '1.23 0.07 1.30'],
])('%s', (_, lines, said) => {
  const { net, tax, total } = totalsOf(lines)
  expect([net, tax, total].map(twoPlaces).join(' ')).toBe(said)
})

type Node = Readonly<Record<string, never>>
const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => /^(InvoiceLine|TaxSubtotal)$/.test(name),
})
const cents = (text: string) => scaled(text, 2)
const rated = fc.constantFrom<readonly [TaxCategory, string]>(['S', '20'], ['S', '5.5'], ['S', '0.01'], ['Z', '0'], ['E', '0'])
const someLine = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 9_999_999 }), rated)
  .map(([quantity, price, [category, rate]]) => line(`${quantity / 100}`, `${twoPlaces(BigInt(price))}`, rate, category))

test('whatever is sold, the sums are those of EN 16931: BR-CO-10, -13, -14, -15, -16 and -17, and BR-S-08', () => {
  fc.assert(
    fc.property(fc.array(someLine, { minLength: 1, maxLength: 8 }), fc.boolean(), (lines, paid) => {
      const { Invoice: xml } = parser.parse(ublInvoice({ data: data(lines, { paid, exemption: 'Article 132' }) })) as { Invoice: Node }
      const sums = xml.LegalMonetaryTotal as unknown as Record<string, string>
      const tax = xml.TaxTotal as unknown as {
        TaxAmount: string
        TaxSubtotal: readonly (Record<string, string> & { TaxCategory: Record<string, string> })[]
      }
      const written = xml.InvoiceLine as unknown as readonly (Record<string, string> & {
        Item: { ClassifiedTaxCategory: Record<string, string> }
      })[]
      const [net, all] = [cents(sums.LineExtensionAmount!), cents(sums.TaxInclusiveAmount!)]
      const added = (amounts: readonly string[]) => amounts.reduce((sum, amount) => sum + cents(amount), 0n)
      expect(net).toBe(added(written.map(({ LineExtensionAmount: amount }) => amount!)))
      expect(cents(sums.TaxExclusiveAmount!)).toBe(net)
      expect(cents(tax.TaxAmount)).toBe(added(tax.TaxSubtotal.map(({ TaxAmount: amount }) => amount!)))
      expect(all).toBe(net + cents(tax.TaxAmount))
      expect(cents(sums.PayableAmount!)).toBe(all - cents(sums.PrepaidAmount ?? '0'))
      expect(sums.PayableAmount === '0.00').toBe(paid || all === 0n)
      for (const { TaxableAmount: base, TaxAmount: amount, TaxCategory: of } of tax.TaxSubtotal) {
        const own = written.filter(
          ({ Item: { ClassifiedTaxCategory: its } }) => its.ID === of.ID && scaled(its.Percent!, 2) === scaled(of.Percent!, 2),
        )
        expect(cents(base!)).toBe(added(own.map(({ LineExtensionAmount: one }) => one!)))
        const exact = cents(base!) * scaled(of.Percent!, 2)
        const twice = 2n * (exact - cents(amount!) * 10_000n)
        expect(twice < 10_000n && twice >= -10_000n).toBe(true)
      }
    }),
    { numRuns: 60 },
  )
})

test('it names both sides, the number, what is left to pay and how, and no text of theirs is markup', () => {
  const text = ublInvoice({ data: data([line('1', '3.5', '20')]) })
  expect(text).toContain('<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>')
  expect(text).toContain('<cbc:RegistrationName>Heron &amp; &lt;Sons&gt;</cbc:RegistrationName>')
  const { Invoice: xml } = parser.parse(text)
  expect([xml.ID, xml.PaymentMeans, xml.LegalMonetaryTotal.PayableAmount]).toEqual([
    'INV-000007',
    { PaymentMeansCode: '68', PaymentID: 'pi_1' },
    '4.20',
  ])
  expect(text).not.toContain('PrepaidAmount')
  const paid = ublInvoice({ data: data([line('1', '3.5', '20')], { paid: true }) })
  expect(parser.parse(paid).Invoice.LegalMonetaryTotal).toMatchObject({ PrepaidAmount: '4.20', PayableAmount: '0.00' })
})

test('what is outside the scope of VAT names no rate and no VAT number, and says why', () => {
  const text = ublInvoice({ data: data([line('1', '3.5', '0', 'O')], { seller: trader('Heron', 'DE') }) })
  expect(text).not.toMatch(/Percent|CompanyID/)
  expect(text).toContain('<cbc:TaxExemptionReason>Not subject to VAT</cbc:TaxExemptionReason>')
})

const exempt = { exemption: 'Article 132' }
test.each<readonly [string, readonly LineData[], Partial<InvoiceData>, string | undefined]>([
  ['a rate for what has none', [line('1', '1', '20', 'Z')], {}, 'lines'],
  ['a standard rate of nothing', [line('1', '1', '0', 'S')], {}, 'lines'],
  ['no VAT number of who taxes', [line('1', '1', '20')], { seller: trader('Heron', 'DE') }, 'seller.vat_id'],
  ['reverse charge to nobody', [line('1', '1', '0', 'AE')], {}, 'buyer.vat_id'],
  ['reverse charge', [line('1', '1', '0', 'AE')], { buyer: trader('Mia', 'FR', 'FR12345678901') }, undefined],
  ['exempt without a reason', [line('1', '1', '0', 'E')], {}, 'exemption_reason'],
  ['exempt', [line('1', '1', '0', 'E')], exempt, undefined],
  ['a reason for what is taxed', [line('1', '1', '20')], exempt, 'exemption_reason'],
  ['outside the scope beside another', [line('1', '1', '0', 'O'), line('1', '1', '20')], { seller: trader('Heron', 'DE') }, 'lines'],
  ['outside the scope with a VAT number', [line('1', '1', '0', 'O')], {}, 'vat_id'],
])('%s', (_, lines, o, field) => {
  const check = () => checkTaxes(data(lines, o))
  if (field === undefined) expect(check).not.toThrow()
  else expect(check).toThrow(new RegExp(`^${field}:`))
})
