import { XMLBuilder } from 'fast-xml-parser'
import type { LineData, TaxCategory, TraderData } from './facts.ts'
import { type Invoice, numberText } from './invoice.ts'
import { reasonOf } from './taxRules.ts'
import { type Totals, totalsOf, twoPlaces } from './totals.ts'

const CURRENCY = 'USD'
/** UNCL 1001: a commercial invoice; UNCL 4461: an online payment service; UN/ECE recommendation 20: one of something. */
const [COMMERCIAL_INVOICE, ONLINE_PAYMENT, ONE] = ['380', '68', 'C62']
const TAX_SCHEME = { 'cbc:ID': 'VAT' }
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ', processEntities: true })

/**
 * The invoice as UBL 2.1 by EN 16931 and nothing national, as it was issued: the same bytes whenever it is asked for. Members stand in the order of the schema
 * of UBL.
 */
export function ublInvoice({ data }: Pick<Invoice, 'data'>): string {
  const { seller, buyer, payee, lines, exemption, intent } = data
  const totals = totalsOf(lines)
  const invoice = {
    '@xmlns': 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
    '@xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
    '@xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
    'cbc:CustomizationID': 'urn:cen.eu:en16931:2017',
    'cbc:ID': numberText(data),
    'cbc:IssueDate': data.issuedOn,
    'cbc:DueDate': data.dueOn,
    'cbc:InvoiceTypeCode': COMMERCIAL_INVOICE,
    'cbc:DocumentCurrencyCode': CURRENCY,
    'cac:AccountingSupplierParty': { 'cac:Party': partyOf(seller, payee.id) },
    'cac:AccountingCustomerParty': { 'cac:Party': partyOf(buyer, undefined) },
    'cac:PaymentMeans': { 'cbc:PaymentMeansCode': ONLINE_PAYMENT, 'cbc:PaymentID': intent },
    'cac:TaxTotal': { 'cbc:TaxAmount': amount(totals.tax), 'cac:TaxSubtotal': taxesOf(totals, exemption) },
    'cac:LegalMonetaryTotal': sumsOf(totals, data.paid),
    'cac:InvoiceLine': lines.map((line, i) => lineOf(line, { place: i + 1, net: totals.lines[i]! })),
  }
  return builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, Invoice: invoice })
}

/** `known`: by which name the gateway knows it, so that a seller without a VAT number has one too (BR-CO-26). */
function partyOf({ name, address, vatId }: TraderData, known: string | undefined) {
  const { street, city, postalCode, country } = address
  return {
    'cac:PartyIdentification': known === undefined ? undefined : { 'cbc:ID': known },
    'cac:PostalAddress': {
      'cbc:StreetName': street,
      'cbc:CityName': city,
      'cbc:PostalZone': postalCode,
      'cac:Country': { 'cbc:IdentificationCode': country },
    },
    'cac:PartyTaxScheme': vatId === undefined ? undefined : { 'cbc:CompanyID': vatId, 'cac:TaxScheme': TAX_SCHEME },
    'cac:PartyLegalEntity': { 'cbc:RegistrationName': name },
  }
}

function taxesOf({ taxes }: Totals, exemption: string | undefined) {
  return taxes.map(({ category, rate, base, tax }) => ({
    'cbc:TaxableAmount': amount(base),
    'cbc:TaxAmount': amount(tax),
    'cac:TaxCategory': {
      'cbc:ID': category,
      'cbc:Percent': percentOf(category, twoPlaces(rate)),
      'cbc:TaxExemptionReason': reasonOf(category, exemption),
      'cac:TaxScheme': TAX_SCHEME,
    },
  }))
}

function sumsOf({ net, total }: Totals, paid: boolean) {
  return {
    'cbc:LineExtensionAmount': amount(net),
    'cbc:TaxExclusiveAmount': amount(net),
    'cbc:TaxInclusiveAmount': amount(total),
    'cbc:PrepaidAmount': paid ? amount(total) : undefined,
    'cbc:PayableAmount': amount(paid ? 0n : total),
  }
}

function lineOf({ description, quantity, unitPrice, tax }: LineData, { place, net }: Readonly<{ place: number; net: bigint }>) {
  const { category, rate } = tax
  return {
    'cbc:ID': `${place}`,
    'cbc:InvoicedQuantity': { '@unitCode': ONE, '#text': quantity },
    'cbc:LineExtensionAmount': amount(net),
    'cac:Item': {
      'cbc:Name': description,
      'cac:ClassifiedTaxCategory': { 'cbc:ID': category, 'cbc:Percent': percentOf(category, rate), 'cac:TaxScheme': TAX_SCHEME },
    },
    'cac:Price': { 'cbc:PriceAmount': { '@currencyID': CURRENCY, '#text': unitPrice } },
  }
}

/** What is outside the scope of VAT has no rate (BR-O-05). */
const percentOf = (category: TaxCategory, rate: string) => (category === 'O' ? undefined : rate)
const amount = (cents: bigint) => ({ '@currencyID': CURRENCY, '#text': twoPlaces(cents) })
