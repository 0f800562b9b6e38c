import { payment, pays, type Row, withAt } from './row.ts'

const FIELDS = ['accepted.network', 'accepted.asset', 'accepted.payTo', 'accepted.amount', 'payload.signature', 'payload.authorization']
const SIGNED = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'].map((name) => `payload.authorization.${name}`)
const ALL = ['x402Version', 'accepted', 'accepted.scheme', 'payload', ...FIELDS, ...SIGNED]
const [MALFORMED, UNSUPPORTED] = ['proof_malformed', 'proof_unsupported']

/** A right payment with another value in one place. */
const row = (what: string, status: number, code: string, path: string, to: unknown): Row => [
  what,
  status,
  code,
  async (challenge) => pays(withAt(await payment(challenge), path, to)),
]
/** The JSON of a right payment, changed as text. */
const text = (what: string, change: (json: string) => string | Uint8Array): Row => [
  what,
  400,
  MALFORMED,
  async (challenge) => pays(change(JSON.stringify(await payment(challenge)))),
]
/** The header of a right payment, changed as text. */
const spelled = (what: string, change: (header: string) => string, code = MALFORMED, status = 400): Row => [
  what,
  status,
  code,
  async (challenge) => ({ headers: { 'payment-signature': change(pays(await payment(challenge)).headers!['payment-signature']!) } }),
]

const fieldRows: Row[] = ALL.flatMap((path) => [
  row(`without ${path}`, 400, MALFORMED, path, undefined),
  row(`whose ${path} is a boolean`, 400, MALFORMED, path, true),
  row(`whose ${path} is in a list`, 400, MALFORMED, path, ['0']),
])

const amounts = [
  '+2000',
  '2e3',
  '0x7d0',
  ' 2000',
  '2000 ',
  '2000\n',
  '2_000',
  '2000n',
  '-0',
  '02000',
  '',
  '２０００',
  '٢٠٠٠',
  `${2n ** 256n}`,
]
const amountRows: Row[] = amounts.flatMap((amount) => [
  row(`that accepts ${JSON.stringify(amount)} units`, 400, MALFORMED, 'accepted.amount', amount),
  row(`whose value is ${JSON.stringify(amount)}`, 400, MALFORMED, 'payload.authorization.value', amount),
])

const otherKinds: Row[] = [
  row('of scheme Exact', 402, UNSUPPORTED, 'accepted.scheme', 'Exact'),
  row('of scheme upto by EIP-3009', 400, MALFORMED, 'accepted.scheme', 'upto'),
  row('of scheme auth-capture', 402, UNSUPPORTED, 'accepted.scheme', 'auth-capture'),
  row('of scheme __proto__', 402, UNSUPPORTED, 'accepted.scheme', '__proto__'),
  row('that says Permit2', 400, MALFORMED, 'accepted.extra.assetTransferMethod', 'permit2'),
  row('of version 1', 402, UNSUPPORTED, 'x402Version', 1),
  row('of version 3', 402, UNSUPPORTED, 'x402Version', 3),
  row('of version 2.5', 402, UNSUPPORTED, 'x402Version', 2.5),
  row('on EIP155:31337', 402, UNSUPPORTED, 'accepted.network', 'EIP155:31337'),
  row('on a network by its old name', 402, UNSUPPORTED, 'accepted.network', 'base-sepolia'),
  row('on eip155:*', 400, MALFORMED, 'accepted.network', 'eip155:*'),
  row('on eip155:031337', 400, MALFORMED, 'accepted.network', 'eip155:031337'),
  row('on eip155:0x7a69', 400, MALFORMED, 'accepted.network', 'eip155:0x7a69'),
  row('on eip155:31337 and a blank', 400, MALFORMED, 'accepted.network', 'eip155:31337 '),
  row('on a chain with seventeen digits', 400, MALFORMED, 'accepted.network', 'eip155:99999999999999999'),
  row('on the next chain', 402, 'proof_wrong_chain', 'accepted.network', 'eip155:31338'),
]

/** The last digit of a hex text, changed. */
const nudged = (hex: string): string => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0')
const terms: Row[] = [
  ['that accepts one unit more', 402, 'proof_wrong_amount', async (c) => pays(await payment(c, { accepted: { amount: '2001' } }))],
  ['that accepts one unit less', 402, 'proof_wrong_amount', async (c) => pays(await payment(c, { accepted: { amount: '1999' } }))],
  ['of nothing', 402, 'proof_wrong_amount', async (c) => pays(await payment(c, { value: 0n, accepted: { amount: '0' } }))],
  ['of all there can be', 402, 'proof_wrong_amount', async (c) => pays(await payment(c, { value: 2n ** 256n - 1n }))],
  [
    'of one unit less in both places',
    402,
    'proof_wrong_amount',
    async (c) => pays(await payment(c, { value: 1_999n, accepted: { amount: '1999' } })),
  ],
  [
    'that accepts a payee one digit off',
    402,
    'proof_wrong_payee',
    async (c) => pays(await payment(c, { accepted: { payTo: nudged(c.x402.accepts[0]!.payTo) } })),
  ],
  [
    'that accepts a token one digit off',
    402,
    'proof_wrong_token',
    async (c) => pays(await payment(c, { accepted: { asset: nudged(c.x402.accepts[0]!.asset) } })),
  ],
  [
    'that pays a payee one digit off',
    402,
    'proof_wrong_payee',
    async (c) => pays(await payment(c, { to: nudged(c.x402.accepts[0]!.payTo) as `0x${string}` })),
  ],
  ['signed for a token of another name', 402, 'proof_bad_signature', async (c) => pays(await payment(c, { name: 'USD C0in' }))],
  ['signed for a token of another version', 402, 'proof_bad_signature', async (c) => pays(await payment(c, { version: '1' }))],
  ['signed for another token', 402, 'proof_bad_signature', async (c) => pays(await payment(c, { token: `0x${'c1'.repeat(20)}` }))],
  ['of another payer', 402, 'proof_bad_signature', async (c) => pays(await payment(c, { from: `0x${'c1'.repeat(20)}` }))],
  ['that ended in 1970', 402, 'proof_expires_soon', async (c) => pays(await payment(c, { validBefore: 0n }))],
  ['that begins at the end of time', 402, 'proof_not_yet_valid', async (c) => pays(await payment(c, { validAfter: 2n ** 256n - 1n }))],
  row('with the nonce of another', 402, 'proof_bad_signature', 'payload.authorization.nonce', `0x${'ee'.repeat(32)}`),
]

/** The order of secp256k1. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const word = (n: bigint): string => n.toString(16).padStart(64, '0')
/** A right payment whose signature, as r, s and v, is changed. */
const resigned = (what: string, change: (r: string, s: string, v: string) => string, code = 'proof_bad_signature', status = 402): Row => [
  `whose signature ${what}`,
  status,
  code,
  async (challenge) => {
    const right = await payment(challenge)
    const [, r, s, v] = /^0x(.{64})(.{64})(..)$/.exec(right.payload.signature)!
    return pays(withAt(right, 'payload.signature', change(r!, s!, v!)))
  },
]
const signatures: Row[] = [
  resigned('is its malleable twin', (r, s, v) => `0x${r}${word(N - BigInt(`0x${s}`))}${v === '1b' ? '1c' : '1b'}`),
  resigned('is its malleable twin with the old v', (r, s, v) => `0x${r}${word(N - BigInt(`0x${s}`))}${v}`),
  resigned('has the other v', (r, s, v) => `0x${r}${s}${v === '1b' ? '1c' : '1b'}`),
  resigned('has a v of 0 or 1', (r, s, v) => `0x${r}${s}${v === '1b' ? '00' : '01'}`),
  resigned('has a v of 29', (r, s) => `0x${r}${s}1d`),
  resigned('has no v', (r, s) => `0x${r}${s}`),
  resigned('is compact (EIP-2098)', (r, s, v) => `0x${r}${word(BigInt(`0x${s}`) | (v === '1c' ? 1n << 255n : 0n))}`),
  resigned('is a byte longer', (r, s, v) => `0x${r}${s}${v}00`),
  resigned('has an r of 0', (_, s, v) => `0x${word(0n)}${s}${v}`),
  resigned('has an s of 0', (r, _, v) => `0x${r}${word(0n)}${v}`),
  resigned('has an r of the order', (_, s, v) => `0x${word(N)}${s}${v}`),
  resigned('is all ones', () => `0x${'ff'.repeat(65)}`),
  resigned('is all zeros', () => `0x${'00'.repeat(65)}`),
  resigned('is for a wallet that is not deployed (ERC-6492)', (r, s, v) => `0x${r}${s}${v}${'6492'.repeat(16)}`),
  resigned('has half a byte more', (r, s, v) => `0x${r}${s}${v}0`, MALFORMED, 400),
  resigned('begins with 0X', (r, s, v) => `0X${r}${s}${v}`, MALFORMED, 400),
  resigned('has no 0x', (r, s, v) => `${r}${s}${v}`, MALFORMED, 400),
  resigned('is empty', () => '0x', MALFORMED, 400),
]

const spellings: Row[] = [
  spelled('twice in a header', (header) => `${header}, ${header}`),
  spelled('in quotes', (header) => `"${header}"`),
  spelled('in base64 of base64', (header) => Buffer.from(header).toString('base64')),
  spelled('in percent signs', (header) => encodeURIComponent(`${header}==`)),
  spelled('in base64 with a blank in it', (header) => `${header.slice(0, 40)} ${header.slice(40)}`),
  spelled('in the url alphabet', (header) => Buffer.from(`${Buffer.from(header, 'base64')}   ￿`).toString('base64url')),
  spelled('in hex', (header) => Buffer.from(header, 'base64').toString('hex')),
  spelled('that is cut off', (header) => header.slice(0, -8)),
  spelled('that is 16 kB and a byte long', (header) => header.padEnd(16_385, 'A')),
  spelled('that is empty', () => ''),
  text('as plain text in base64', () => 'pay me'),
  text('as a list', (json) => `[${json}]`),
  text('as a text', (json) => JSON.stringify(json)),
  text('as null', () => 'null'),
  text('as a number', () => '2'),
  text('with a comma at its end', (json) => json.replace(/}$/, ',}')),
  text('with a comment', (json) => `${json}/**/`),
  text('twice in one text', (json) => json + json),
  text('in single quotes', (json) => json.replaceAll('"', "'")),
  text('in UTF-16', (json) => Buffer.from(json, 'utf16le')),
  text('inside ten thousand brackets', () => '['.repeat(10_000)),
  text('with two values of `to`', (json) => json.replace('"to":', '"to":"0x1","to":')),
  text('with two payloads', (json) => json.replace('"payload":', '"payload":{},"payload":')),
  text('whose payload is only inherited', (json) => json.replace('"payload":', '"__proto__":{"payload":').replace(/}$/, '}}')),
  text('whose payload is of the constructor', (json) => json.replace('"payload":', '"constructor":')),
  text('whose value is only inherited', (json) => json.replace(/"value":"2000"/, '"__proto__":{"value":"2000"}')),
  text('with a blank of no width in its payee', (json) => json.replace('"payTo":"0x', '"payTo":"0x\u200b')),
  text('with a letter in its payee that looks like another', (json) => json.replace(/"payTo":"0x./, '"payTo":"0xа')),
  text('with a zero byte in its token', (json) => json.replace('"asset":"0x', '"asset":"\\u00000x')),
]

/** A right payment that echoes another resource than the one asked for. */
const resource = (what: string, url: string): Row => [
  `for ${what}`,
  402,
  'challenge_wrong_route',
  async (challenge) => pays({ ...(await payment(challenge)), resource: { url } }),
]
const resources: Row[] = [
  resource('another path', 'http://127.0.0.1:1/duet'),
  resource('another query', 'http://127.0.0.1:1/joke?free=1'),
  resource('another host', 'http://127.0.0.2:1/joke'),
  resource('another port', 'http://127.0.0.1:2/joke'),
  resource('another scheme', 'https://127.0.0.1:1/joke'),
  resource('the path in capitals', 'http://127.0.0.1:1/JOKE'),
  resource('the path with a slash', 'http://127.0.0.1:1/joke/'),
  resource('the path written in percent signs', 'http://127.0.0.1:1/%6aoke'),
  resource('no URL', ''),
]

/** A right payment whose quote is changed; what it pays is what is asked. */
const quote = (what: string, code: string, status: number, change: (quote: string) => string): Row => [
  `whose quote ${what}`,
  status,
  code,
  async (challenge) => {
    const right = await payment(challenge)
    const { extra } = challenge.x402.accepts[0]!
    return pays(withAt(right, 'accepted.extra.quote', change(extra.quote)))
  },
]
const quotes: Row[] = [
  quote('promises a lower price', 'challenge_altered', 402, (text_) => text_.replace(/^2000/, '1')),
  quote('lasts longer', 'challenge_altered', 402, (text_) => text_.replace(/\.[0-9]+\./, '.9999999999.')),
  quote('has another tag', 'challenge_altered', 402, (text_) => text_.replace(/.{22}$/, 'A'.repeat(22))),
  quote('has no tag', MALFORMED, 400, (text_) => text_.replace(/.{22}$/, '')),
  quote('is empty', MALFORMED, 400, () => ''),
]

export const x402Rows: readonly Row[] = [fieldRows, amountRows, otherKinds, terms, signatures, spellings, resources, quotes].flat()
