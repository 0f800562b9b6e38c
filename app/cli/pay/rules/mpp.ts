import { type AuthChallenge, authChallenges } from '../../../../gateway/client/offers/authChallenges.ts'
import { fromBase64Json } from '../../../../gateway/client/offers/bytes.ts'
import { type InvoiceSays, invoiceSays } from './invoiceSays.ts'
import { ADDRESS, type Answered, type Finding, field, findings, isPositive, isText, isUncached, matches, type Rule, UNITS } from './rule.ts'

const DRAFT = 'draft-httpauth-payment-00'
const EVM = 'mpp-specs, evm charge'
const LIGHTNING = 'mpp-specs, lightning charge'
/** A challenge has to fit where headers fit (draft-httpauth-payment). */
const BYTES_MAX = 8_192
const MSAT_PER_SAT = 1_000n

type Asked = Answered & Readonly<{ params: ReadonlyMap<string, string>; request: unknown; invoice: InvoiceSays | undefined }>

const RULES: readonly Rule<Asked>[] = [
  {
    rule: 'id, realm, method, intent and request are there',
    reference: DRAFT,
    change: 'write each as an auth-param: id="...", realm="..."',
    holds: ({ params }) => ['id', 'realm', 'method', 'intent', 'request'].every((name) => isText(params.get(name))),
  },
  {
    rule: 'method is in small letters',
    reference: DRAFT,
    change: 'write evm, not EVM',
    holds: ({ params }) => matches(params.get('method'), /^[a-z][a-z0-9-]*$/),
  },
  {
    rule: 'request is base64url without padding, of a JSON object',
    reference: DRAFT,
    change: 'encode it with - and _ and without =',
    holds: ({ params, request }) => matches(params.get('request'), /^[A-Za-z0-9_-]+$/) && typeof request === 'object' && request !== null,
  },
  {
    rule: 'expires, where it is there, is a time to come by RFC 3339',
    reference: DRAFT,
    change: 'write 2026-01-31T12:00:00Z, and make a new challenge for each 402',
    holds: ({ params, now }) => {
      const expires = params.get('expires')
      return expires === undefined || (/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d/.test(expires) && Date.parse(expires) > now)
    },
  },
  {
    rule: 'the challenge is shorter than 8 KB',
    reference: DRAFT,
    change: 'leave out what the client does not need',
    holds: ({ params }) => [...params.values()].join('').length < BYTES_MAX,
  },
  { rule: 'the answer is not stored', reference: DRAFT, change: 'send Cache-Control: no-store', holds: isUncached },
  {
    rule: 'the body is application/problem+json',
    reference: `${DRAFT}, RFC 9457`,
    change: 'send a problem with type, title and status as the body',
    advice: true,
    holds: ({ headers }) => /^application\/problem\+json\b/i.test(headers.get('content-type') ?? ''),
  },
]

const EVM_RULES: readonly Rule<Asked>[] = [
  {
    rule: 'amount is a decimal string of the smallest unit',
    reference: EVM,
    change: 'write "2000" for 0.002 of a token with 6 places',
    holds: ({ request }) => matches(field(request, 'amount'), UNITS),
  },
  {
    rule: 'currency and recipient are addresses',
    reference: EVM,
    change: 'write 0x and 40 hex digits for the token and for who is paid',
    holds: ({ request }) => matches(field(request, 'currency'), ADDRESS) && matches(field(request, 'recipient'), ADDRESS),
  },
  {
    rule: 'methodDetails.chainId is a whole number above 0',
    reference: EVM,
    change: 'write the chain as a number, such as 8453',
    holds: ({ request }) => isPositive(field(request, 'methodDetails', 'chainId')),
  },
  {
    rule: 'credentialTypes names authorization',
    reference: EVM,
    change: 'add "authorization": clients without Permit2 pay by EIP-3009 alone',
    advice: true,
    holds: ({ request }) => {
      const types = field(request, 'methodDetails', 'credentialTypes')
      return Array.isArray(types) && types.includes('authorization')
    },
  },
]

const LIGHTNING_RULES: readonly Rule<Asked>[] = [
  {
    rule: 'methodDetails.invoice is a BOLT 11 invoice with an amount',
    reference: `${LIGHTNING}, BOLT 11`,
    change: 'put the invoice there as the node gives it, with an amount',
    holds: ({ invoice }) => invoice?.amountMsat !== undefined,
  },
  {
    rule: 'amount in sat is that of the invoice',
    reference: LIGHTNING,
    change: 'make both from one amount, in whole satoshi',
    holds: ({ request, invoice }) => {
      const amount = field(request, 'amount')
      return matches(amount, UNITS) && BigInt(String(amount)) * MSAT_PER_SAT === invoice?.amountMsat
    },
  },
  {
    rule: 'paymentHash, where it is there, is that of the invoice',
    reference: LIGHTNING,
    change: 'copy the payment hash of the same invoice',
    holds: ({ request, invoice }) => {
      const hash = field(request, 'methodDetails', 'paymentHash')
      return hash === undefined || hash === invoice?.paymentHash
    },
  },
  {
    rule: 'the challenge does not outlive its invoice',
    reference: LIGHTNING,
    change: 'set expires no later than the invoice’s own expiry',
    holds: ({ params, invoice }) => {
      const expires = params.get('expires')
      return expires === undefined || (invoice !== undefined && Date.parse(expires) <= invoice.expiresAt)
    },
  },
]

const OF_METHOD: Readonly<Record<string, readonly Rule<Asked>[]>> = { 'evm/charge': EVM_RULES, 'lightning/charge': LIGHTNING_RULES }

/** The rules of each challenge of the Payment scheme. */
export function mppFindings(answered: Answered): Finding[] {
  const challenges = authChallenges(answered.headers.get('www-authenticate') ?? '').filter(({ scheme }) => scheme === 'payment')
  return challenges.flatMap(({ params }: AuthChallenge) => {
    const kind = `${params.get('method') ?? '?'}/${params.get('intent') ?? '?'}`
    const request = fromBase64Json(params.get('request') ?? '')
    const text = field(request, 'methodDetails', 'invoice')
    const invoice = typeof text === 'string' ? invoiceSays(text) : undefined
    return findings(`mpp ${kind}`, [...RULES, ...(OF_METHOD[kind] ?? [])], { ...answered, params, request, invoice })
  })
}
