import type { Json } from '../../ports/books.ts'

/** A JSON Schema, as far as an example is made of it. */
export type Schema = Readonly<{
  $ref?: string
  type?: string | readonly string[]
  format?: string
  pattern?: string
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  prefixItems?: readonly Schema[]
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  enum?: readonly Json[]
  const?: Json
  example?: Json
  examples?: readonly Json[]
}>
type Schemas = ReadonlyMap<string, Schema>

/** 32 hex digits of a time and chance, as ids have them. */
const DIGITS = '019ab2f08c6e7d41a3b5c7d9e1f20436'
const HASH = '8f3d2c1b0a99887766554433221100ffeeddccbbaa99887766554433221100ff'
const TIME = '2026-11-24T09:30:00.000Z'
const INVOICE = 'lnbcrt42u1pn5example'

/** What stands in a field of this name where its schema says no more than that it is text. */
const BY_NAME: Readonly<Record<string, string>> = {
  account: 'rail:lightning:node',
  address: 'songs@pay.example',
  asset: 'USD',
  asset_id: 'USD',
  attempt: `at_${DIGITS}`,
  base: 'USD',
  block: '1042',
  by: 'operator',
  callback: 'https://pay.example/lnurl/pay/songs',
  code: 'USD',
  connection: `nostr+walletconnect://${HASH}?relay=wss%3A%2F%2Frelay.example&secret=${HASH}`,
  content_type: 'application/json; charset=utf-8',
  created_by: 'operator',
  credit: `party:pa_${DIGITS}`,
  debit: 'rail:lightning:node',
  description: 'An essay',
  detail: 'There is nothing of yours under this id. Check the id.',
  entry: `en_${DIGITS}`,
  etag: '"q1Yb7hS0d2o4m6k8"',
  file: 'channels.backup',
  hash: HASH,
  head: HASH,
  hint: 'Check the id.',
  host: 'pay.example',
  invoice: INVOICE,
  item: `su_${DIGITS}`,
  k1: HASH,
  key: HASH,
  key_id: '5f1e2d3c4b5a6978',
  keyauth: 'keyauth://pay.example/lnurl/auth?tag=login',
  lnurl: 'LNURL1DP68GURN8GHJ7URP0YH8WETVV9JJUCM0D5',
  lnurlw: 'lnurlw://pay.example/lnurl/withdraw',
  message: 'is not a party id (pa_...)',
  metadata: '[["text/plain","An essay"]]',
  name: 'songs',
  network: 'regtest',
  node_id: `02${HASH}`,
  offer: 'lno1pqps7sjqpgt',
  page: `/pay/pi_${DIGITS}`,
  path: 'amount.asset',
  payee: `party:pa_${DIGITS}`,
  payer: '0x8ba1f109551bd432803012645ac136ddd64dba72',
  payment: `pi_${DIGITS}`,
  payment_hash: HASH,
  payment_url: `/v1/payments/rc_${DIGITS}`,
  peer: `03${HASH}`,
  pr: INVOICE,
  preimage: HASH,
  pubkey: `02${HASH}`,
  rail: 'lightning',
  rate: '1',
  reason: 'payout_failed',
  receipt: `rc_${DIGITS}`,
  receipt_url: `/v1/receipts/rc_${DIGITS}`,
  reference: 'invoice 4711',
  remittance: 'RF18539007547034',
  request_id: 'req_mi9kq2_1f',
  resource: 'https://api.example/essays/7',
  seller: 'Example essays',
  signature: 'kT3xGgq7b2m5y0Zr',
  source: `party:pa_${DIGITS}`,
  split: `sp_${DIGITS}`,
  subject: `pi_${DIGITS}`,
  title: 'Not found',
  to: `pa_${DIGITS}`,
  token: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
  transaction: `0x${HASH}`,
  type: 'payment_intent.settled',
  units: '4200000',
  url: 'https://shop.example/hooks',
  verify: `https://pay.example/lnurl/verify/${HASH}`,
  version: '2026-11-24',
  wallet_address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080',
}

/** An example of what a schema describes: what must be there, by the examples, the patterns and the names of the fields. */
export function exampleOf(schema: Schema, schemas: Schemas, name = ''): Json {
  if (schema.$ref) return exampleOf(schemas.get(schema.$ref.split('/').at(-1)!) ?? {}, schemas, name)
  const given = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.enum?.[0]
  if (given !== undefined) return given
  const [first] = schema.oneOf ?? schema.anyOf ?? []
  if (first) return exampleOf(first, schemas, name)
  const type = [schema.type ?? 'any'].flat()[0]
  switch (type) {
    case 'object':
      return objectOf(schema, schemas)
    case 'array':
      if (schema.prefixItems) return schema.prefixItems.map((item) => exampleOf(item, schemas, name))
      return schema.items ? [exampleOf(schema.items, schemas, name.replace(/s$/, ''))] : []
    case 'integer':
    case 'number':
      return 1
    case 'boolean':
      return true
    case 'null':
      return null
    case 'string':
      return textOf(schema, name)
    default:
      return {}
  }
}

function objectOf({ properties = {}, required = [] }: Schema, schemas: Schemas): Json {
  const rows = Object.entries(properties).filter(([name]) => required.includes(name))
  return Object.fromEntries(rows.map(([name, inner]) => [name, exampleOf(inner, schemas, name)]))
}

function textOf({ format, pattern }: Schema, name: string): string {
  if (format === 'date-time') return TIME
  if (format === 'date') return TIME.slice(0, 10)
  const prefix = /^\^([a-z]+)_\[0-9a-f\]\{32\}\$$/.exec(pattern ?? '')?.[1]
  if (prefix) return `${prefix}_${DIGITS}`
  if (pattern?.startsWith('^evt_')) return 'evt_00000000104200000003'
  if (pattern?.startsWith('^0x')) return BY_HEX_NAME[name] ?? `0x${HASH}`
  if (pattern?.includes('\\d')) return pattern.includes('.') ? '4.2' : '4200'
  return BY_NAME[name] ?? name
}

const BY_HEX_NAME: Readonly<Record<string, string>> = {
  account: '0x8ba1f109551bd432803012645ac136ddd64dba72',
  closer: '0x8ba1f109551bd432803012645ac136ddd64dba72',
  hub: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  payer: '0x8ba1f109551bd432803012645ac136ddd64dba72',
  payTo: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  token: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
}
