import { authChallenges } from '../../../../gateway/client/offers/authChallenges.ts'
import { decodeMacaroon, type Macaroon } from '../../../../gateway/payins/challenge/macaroon.ts'
import { type InvoiceSays, invoiceSays } from './invoiceSays.ts'
import { type Answered, type Finding, findings, isText, matches, type Rule } from './rule.ts'

const L402 = 'L402 protocol specification'
/** uint16 version, payment hash, token id. */
const IDENTIFIER_BYTES = 66

type Asked = Answered & Readonly<{ params: ReadonlyMap<string, string>; macaroon: Macaroon | undefined; invoice: InvoiceSays | undefined }>

const RULES: readonly Rule<Asked>[] = [
  {
    rule: 'macaroon and invoice are there',
    reference: L402,
    change: 'write L402 macaroon="...", invoice="..."; some clients know no token=',
    holds: ({ params }) => isText(params.get('macaroon')) && isText(params.get('invoice')),
  },
  {
    rule: 'the macaroon is base64 of the binary form, version 2',
    reference: `${L402}, libmacaroons`,
    change: 'serialize the macaroon in version 2, and encode it as base64',
    holds: ({ params, macaroon }) =>
      matches(params.get('macaroon') ?? params.get('token'), /^[A-Za-z0-9+/_-]+={0,2}$/) && macaroon !== undefined,
  },
  {
    rule: 'its identifier is version 0, a payment hash and a token id',
    reference: L402,
    change: 'make it of 66 bytes: two of zero, the hash of the invoice, 32 random ones',
    holds: ({ macaroon }) => macaroon?.identifier.length === IDENTIFIER_BYTES && macaroon.identifier.readUInt16BE(0) === 0,
  },
  {
    rule: 'the invoice is BOLT 11 with an amount',
    reference: 'BOLT 11',
    change: 'put the invoice there as the node gives it, with an amount',
    holds: ({ invoice }) => invoice?.amountMsat !== undefined,
  },
  {
    rule: 'the identifier names the payment hash of the invoice',
    reference: L402,
    change: 'bind each macaroon to its own invoice: the preimage proves that hash and no other',
    holds: ({ macaroon, invoice }) =>
      invoice?.paymentHash !== undefined && macaroon?.identifier.toString('hex', 2, 34) === invoice.paymentHash,
  },
  {
    rule: 'the invoice has not expired',
    reference: 'BOLT 11',
    change: 'make a new invoice for each 402, or before the old one expires',
    holds: ({ invoice, now }) => invoice !== undefined && invoice.expiresAt > now,
  },
]

/** The rules of each L402 challenge, or LSAT as they were called. A server that sends both names means one. */
export function l402Findings(answered: Answered): Finding[] {
  const challenges = authChallenges(answered.headers.get('www-authenticate') ?? '')
  const found = challenges.find(({ scheme }) => scheme === 'l402') ?? challenges.find(({ scheme }) => scheme === 'lsat')
  if (!found) return []
  const { params } = found
  const macaroon = decodeMacaroon(Buffer.from(params.get('macaroon') ?? params.get('token') ?? '', 'base64'))
  return findings('l402', RULES, { ...answered, params, macaroon, invoice: invoiceSays(params.get('invoice') ?? '') })
}
