import { fromBase64Json } from '../../../../gateway/client/offers/bytes.ts'
import {
  ADDRESS,
  type Answered,
  type Finding,
  field,
  findings,
  isPositive,
  isText,
  isUncached,
  isUrl,
  matches,
  type Rule,
  UNITS,
} from './rule.ts'

const HTTP = 'x402 specs/transports-v2/http.md'
const EXACT = 'x402 specs/schemes/exact, EVM'
const V1 = 'x402 specs/x402-specification-v1.md'

type Header = Answered & Readonly<{ header: string; required: unknown }>

const V2_RULES: readonly Rule<Header>[] = [
  {
    rule: 'PAYMENT-REQUIRED is standard base64 of JSON',
    reference: HTTP,
    change: 'encode the JSON with + and /, not - and _, and put nothing else into the header',
    holds: ({ header, required }) => /^[A-Za-z0-9+/]*={0,2}$/.test(header) && typeof required === 'object' && required !== null,
  },
  {
    rule: 'x402Version is 2',
    reference: HTTP,
    change: 'write the number 2',
    holds: ({ required }) => field(required, 'x402Version') === 2,
  },
  {
    rule: 'resource.url is a URL',
    reference: HTTP,
    change: 'name the whole URL of what is paid for, with its scheme and host',
    holds: ({ required }) => isUrl(field(required, 'resource', 'url')),
  },
  {
    rule: 'accepts has at least one entry',
    reference: HTTP,
    change: 'list each way to pay',
    holds: ({ required }) => entriesOf(required).length > 0,
  },
  { rule: 'the answer is not stored', reference: HTTP, change: 'send Cache-Control: no-store', advice: true, holds: isUncached },
]

const ENTRY_RULES: readonly Rule<unknown>[] = [
  {
    rule: 'scheme is named',
    reference: HTTP,
    change: 'write exact, upto or another scheme',
    holds: (entry) => isText(field(entry, 'scheme')),
  },
  {
    rule: 'asset is named',
    reference: HTTP,
    change: 'name the token, on an EVM chain by its address',
    holds: (entry) => (isExactOnEvm(entry) ? matches(field(entry, 'asset'), ADDRESS) : isText(field(entry, 'asset'))),
  },
  {
    rule: 'payTo is named',
    reference: HTTP,
    change: 'name who is paid, on an EVM chain by an address',
    holds: (entry) => (isExactOnEvm(entry) ? matches(field(entry, 'payTo'), ADDRESS) : isText(field(entry, 'payTo'))),
  },
  {
    rule: 'maxTimeoutSeconds is a whole number above 0',
    reference: HTTP,
    change: 'write seconds as a number, such as 60',
    holds: (entry) => isPositive(field(entry, 'maxTimeoutSeconds')),
  },
  {
    rule: 'extra names the token’s EIP-712 name and version',
    reference: EXACT,
    change: 'copy what the token’s name() and version() answer into extra; nobody can sign without them',
    holds: (entry) =>
      !isExactOnEvm(entry) ||
      field(entry, 'extra', 'assetTransferMethod') === 'permit2' ||
      (isText(field(entry, 'extra', 'name')) && isText(field(entry, 'extra', 'version'))),
  },
]

const V2_ENTRY_RULES: readonly Rule<unknown>[] = [
  {
    rule: 'network is CAIP-2',
    reference: HTTP,
    change: 'write eip155:8453, not base',
    holds: (entry) => matches(field(entry, 'network'), /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/),
  },
  {
    rule: 'amount is a decimal string of the smallest unit',
    reference: HTTP,
    change: 'write "2000" for 0.002 of a token with 6 places: a text, no point, no sign',
    holds: (entry) => matches(field(entry, 'amount'), UNITS),
  },
  ...ENTRY_RULES,
]

const V1_RULES: readonly Rule<Answered>[] = [
  {
    rule: 'accepts has at least one entry',
    reference: V1,
    change: 'list each way to pay',
    holds: ({ json }) => entriesOf(json).length > 0,
  },
  {
    rule: 'the body is application/json',
    reference: V1,
    change: 'send Content-Type: application/json',
    advice: true,
    holds: ({ headers }) => /^application\/(?:\S+\+)?json\b/i.test(headers.get('content-type') ?? ''),
  },
]

const V1_ENTRY_RULES: readonly Rule<unknown>[] = [
  {
    rule: 'network is a name of version 1',
    reference: V1,
    change: 'write base or base-sepolia, not a CAIP-2 name',
    holds: (entry) => matches(field(entry, 'network'), /^[a-z0-9-]+$/),
  },
  {
    rule: 'maxAmountRequired is a decimal string of the smallest unit',
    reference: V1,
    change: 'write "2000" for 0.002 of a token with 6 places: a text, no point, no sign',
    holds: (entry) => matches(field(entry, 'maxAmountRequired'), UNITS),
  },
  {
    rule: 'resource is a URL',
    reference: V1,
    change: 'name the whole URL of what is paid for',
    holds: (entry) => isUrl(field(entry, 'resource')),
  },
  ...ENTRY_RULES,
]

/** The rules of x402: version 2 where there is its header, version 1 where the body says so; nothing where it is neither. */
export function x402Findings(answered: Answered): Finding[] {
  const { headers, json } = answered
  const header = headers.get('payment-required')
  const found: Finding[] = []
  if (header !== null) {
    const required = fromBase64Json(header)
    found.push(...findings('x402 v2', V2_RULES, { ...answered, header, required }))
    found.push(...entriesOf(required).flatMap((entry, i) => findings(`x402 v2 accepts[${i}]`, V2_ENTRY_RULES, entry)))
  }
  if (field(json, 'x402Version') === 1) {
    found.push(...findings('x402 v1', V1_RULES, answered))
    found.push(...entriesOf(json).flatMap((entry, i) => findings(`x402 v1 accepts[${i}]`, V1_ENTRY_RULES, entry)))
  }
  return found
}

function entriesOf(required: unknown): readonly unknown[] {
  const accepts = field(required, 'accepts')
  return Array.isArray(accepts) ? accepts : []
}

/** Version 1 names EVM chains by words, and others too, such as solana. */
function isExactOnEvm(entry: unknown): boolean {
  return field(entry, 'scheme') === 'exact' && matches(field(entry, 'network'), /^(?:eip155:.+|(?!solana)[a-z0-9-]+)$/)
}
