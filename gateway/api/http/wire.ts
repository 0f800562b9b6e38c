import { z } from 'zod'
import { CUSTOM_RAIL, type CustomRailName, type EvmRailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'
import { amountText } from './amountText.ts'
import { uriDestination } from './uriDestination.ts'

/** Shapes of requests. Strict: an unknown field is refused, not ignored. Amounts are decimal strings; parsing them is `gateway/money`'s. */
const amount = amountText('0.002')
export const partyId = z.string().regex(/^pa_[0-9a-f]{32}$/, 'is not a party id (pa_...)')
export const splitKey = z.string().regex(/^sp_[0-9a-f]{32}$/, 'is not a split id (sp_...)')
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'is not an address (0x and 40 hex digits)')
/** What the maker of a resource writes on it for itself. */
export const metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((m) => Object.keys(m).length <= 50, 'has more than 50 keys')
const evmRailName = z
  .string()
  .regex(/^evm:[1-9][0-9]{0,14}$/, 'is not a chain (evm:<chain id>)')
  .transform((text) => text as EvmRailName)
const customRailName = z
  .string()
  .regex(CUSTOM_RAIL, 'is not a custom rail (custom:<name>)')
  .transform((text) => text as CustomRailName)
/** A rail by its name, or by its kind for every rail of that kind: `evm` is any chain. */
export const railChoice = z.union([
  z.enum(['lightning', 'evm', 'bank', 'bank:us', 'bank:us-same-day', 'book', 'custom']),
  evmRailName,
  customRailName,
])

/** As far as a description says it: few readers of patterns know the classes of Unicode. */
const SHOWN_IN_SHORT = String.raw`^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$`
/** One line that people read: without what cannot be seen, and without what turns the direction of reading. */
export const shownText = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]*$/u, 'has characters that cannot be seen')
    .meta({ pattern: SHOWN_IN_SHORT })

/** As far as a description says it. */
const LINE_IN_SHORT = String.raw`^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$`
/**
 * One line of somebody's own words, in any language: joiners and marks of single letters belong to some. Without what breaks a line, and without what turns
 * the direction of the words beside it.
 */
export const lineOfText = (most: number) =>
  z
    .string()
    .max(most)
    .regex(
      /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u,
      'has a line break, a control character or a mark that turns the direction of reading',
    )
    .meta({ pattern: LINE_IN_SHORT })

export const createParty = z.strictObject({ name: lineOfText(100).trim().min(1), metadata: metadata.default({}) })

const payeeAccount = address
  .optional()
  .meta({ description: 'The EVM account that the contract pays. Absent: the party is paid in the books.' })

export const createSplit = z.strictObject({
  label: lineOfText(200).default(''),
  metadata: metadata.default({}),
  payees: z
    .array(z.strictObject({ party: partyId, account: payeeAccount, shares: z.int().positive().max(1_000_000_000) }))
    .min(1)
    .max(200),
})

/** Pages of how many shops may show one payment. */
const EMBED_ORIGINS_MAX = 8
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
/** As browsers write an origin, and as a policy of theirs takes it: nothing in it can end the policy. What came without TLS could be anybody's page. */
const ORIGIN = new RegExp(String.raw`^(https:\/\/${LABEL}(\.${LABEL})*|http:\/\/(localhost|127\.0\.0\.1))(:[1-9][0-9]{0,4})?$`)
const embedOrigin = z
  .string()
  .max(255)
  .regex(ORIGIN, 'is not an origin (https://shop.example), which has no path; http is for this machine alone')
  .refine((origin) => URL.parse(origin)?.origin === origin, {
    message: 'is not written as browsers do, without the port that it has anyway',
  })

/** Where a payer is led back to. What stands before an `@` would be shown to each of them, and a browser may send it on. */
export const returnUrl = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s"'<>\\]+$/, 'is not an http or https URL')
  .refine((url) => URL.canParse(url), { message: 'is not a URL' })
  .refine((url) => !hasUser(url), { message: 'has a user name or a password before its host: leave them out' })

function hasUser(url: string): boolean {
  const { username = '', password = '' } = URL.parse(url) ?? {}
  return username !== '' || password !== ''
}

/** As long as an invoice is open among people. */
const LIFE_S_MAX = 30 * 86_400

export const createIntent = z
  .strictObject({
    amount: z.strictObject({ asset: z.literal('USD'), amount }),
    split: splitKey.optional(),
    payee: partyId.optional(),
    description: lineOfText(200).default(''),
    seller: shownText(80).optional().meta({ description: 'Who sells, as the page says it. Absent: the name of the party that is paid.' }),
    order_id: shownText(64).optional().meta({ description: 'Your own number of it, which the page shows.' }),
    return_url: returnUrl.optional().meta({ description: 'Where the page leads when it is done.' }),
    embed_origins: z
      .array(embedOrigin)
      .max(EMBED_ORIGINS_MAX)
      .optional()
      .meta({ description: 'Shops whose own pages may show the page in a frame. Absent: none.' }),
    metadata: metadata.default({}),
    expires_in_s: z
      .int()
      .min(10)
      .max(LIFE_S_MAX)
      .default(900)
      .meta({ description: 'Up to 30 days. After a day its offers are made anew when somebody looks at it.' }),
    rails: z.array(railChoice).min(1).max(16).optional(),
  })
  .refine((b) => (b.split === undefined) !== (b.payee === undefined), { message: 'needs exactly one of split and payee', path: ['payee'] })

const uint = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, 'is not a decimal integer string')

/**
 * EIP-3009 ReceiveWithAuthorization to the hub, nonce = hash of splitId and ref, as the evm offer's wire names them. `rail` is that offer's; `evm`
 * will do where the intent has one such offer.
 */
export const payIntent = z.union([
  z.strictObject({ rail: z.literal('book') }),
  z.strictObject({
    rail: z.union([z.literal('evm'), evmRailName]),
    authorization: z.strictObject({
      from: address,
      value: uint,
      valid_after: uint,
      valid_before: uint,
      signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/, 'is not a 65-byte signature'),
    }),
  }),
])

const tlvRecord = z.strictObject({
  type: z.string().regex(/^[1-9]\d{4,19}$/, 'is not a decimal number'),
  value: z.string().regex(/^(?:[0-9a-f]{2}){0,512}$/, 'is not hex of at most 512 bytes'),
})

export const destination = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lightning_invoice'), invoice: z.string().min(20).max(4096) }),
  z.strictObject({
    kind: z.literal('lightning_node'),
    node_id: z.string().regex(/^0[23][0-9a-f]{64}$/, 'is not a compressed public key'),
    records: z.array(tlvRecord).min(1).max(16).optional(),
  }),
  z.strictObject({ kind: z.literal('lightning_offer'), offer: z.string().min(20).max(4096) }),
  z.strictObject({ kind: z.literal('lightning_address'), address: z.string().min(3).max(320) }),
  z.strictObject({ kind: z.literal('lnurl'), lnurl: z.string().min(8).max(2_000) }),
  z.strictObject({ kind: z.literal('bitcoin_uri'), uri: z.string().min(9).max(7_089) }),
  z.strictObject({ kind: z.literal('evm_address'), address }),
  z.strictObject({ kind: z.literal('iban'), iban: z.string().min(15).max(42), name: lineOfText(70).min(1) }),
  z.strictObject({
    kind: z.literal('us_account'),
    routing_number: z.string().regex(/^[0-9]{9}$/, 'is not nine digits'),
    account_number: z.string().regex(/^[A-Za-z0-9-]{1,17}$/, 'is not 1 to 17 digits, letters or dashes'),
    account_type: z.enum(['checking', 'savings']),
    name: lineOfText(70).min(1),
    holder: z.enum(['person', 'company']).optional(),
  }),
  z.strictObject({ kind: z.literal('party'), party: partyId }),
  z.strictObject({ kind: z.literal('custom'), rail: customRailName, account: z.string().min(1).max(200) }),
])

/** How long a payout may wait for others to the same destination: whichever is reached first, by the wish of any of them. */
const netting = z.strictObject({
  max_amount: amount.optional(),
  max_count: z.int().min(2).max(200).default(100),
  max_age_s: z.int().min(1).max(86_400),
})

const quoteId = z.string().regex(/^qt_[0-9a-f]{32}$/, 'is not the id of a quote')
/** What a quote has settled, so that a payout by it does not say it again. */
const QUOTED = [
  'surplus',
  'amount',
  'destinations',
  'netting',
  'send_at',
  'deliver_by',
  'cheapest_by',
  'fee_bearer',
  'fee_max',
  'parts',
] as const

/** A person's Friday at 17:00 has an offset of its own. */
export const moment = z.iso.datetime({
  offset: true,
  error: 'is no time with its offset, such as "2026-11-27T17:00:00+01:00" or "2026-11-27T16:00:00Z"',
})

export const createPayout = z
  .strictObject({
    party: partyId.optional(),
    surplus: z
      .string()
      .regex(/^(pi|rc|sa)_[0-9a-f]{32}$/, 'is not the id of an intent, a receipt or a refund out of suspense')
      .optional(),
    amount: z.strictObject({ asset: z.string().max(100), amount }).optional(),
    destinations: z.array(destination).min(1).max(8).optional(),
    quote: quoteId
      .optional()
      .meta({ description: 'A quote of this party, used with exactly its numbers: with party, reference and metadata, and nothing else.' }),
    reference: lineOfText(140).default(''),
    metadata: metadata.default({}),
    netting: netting.optional(),
    send_at: moment.optional().meta({ description: 'No try is made before it. At most 366 days from now; its money is held meanwhile.' }),
    deliver_by: moment.optional().meta({
      description: 'The payee has good funds by then, on the calendar of the rail, or no try is made. Refused where no rail can.',
    }),
    cheapest_by: moment.optional().meta({
      description:
        'As deliver_by, and until then it waits for the cheapest time, where a chain’s price may fall. It can be canceled while it waits.',
    }),
    fee_bearer: z
      .enum(['platform', 'payer', 'payee'])
      .optional()
      .meta({
        description:
          'platform, as when absent: the operator bears the fee, within its budget. payer and payee: it is fixed now, and the source pays it besides, ' +
          'or the payee gets so much less.',
      }),
    parts: z.enum(['when_needed', 'never']).optional().meta({
      description:
        'when_needed, as when absent: what is too much for each way is paid in parts, to places that can be paid more than once. never: whole or not at all.',
    }),
    fee_max: amount.optional().meta({
      description:
        "What the source bears at most, in the asset of the amount, of a fee above the operator's budget; nothing when absent. " +
        'With fee_bearer payer or payee: the most that the fixed fee may be.',
    }),
  })
  .refine((b) => (b.party === undefined) !== (b.surplus === undefined), {
    message: 'needs exactly one of party and surplus',
    path: ['party'],
  })
  .refine((b) => b.quote !== undefined || (b.amount !== undefined && b.destinations !== undefined), {
    message: 'needs an amount and destinations, or a quote',
    path: ['amount'],
  })
  .refine((b) => b.quote === undefined || !QUOTED.some((name) => b[name] !== undefined), {
    message: `says all of this: ${QUOTED.join(', ')}`,
    path: ['quote'],
  })

/** What a payout would be decided as: to destinations, by price lists, or both. */
export const simulateRouting = z
  .strictObject({
    party: partyId,
    amount: z.strictObject({ asset: z.string().max(100), amount }),
    destinations: z.array(destination).max(8).default([]),
    schedules: z
      .array(z.string().max(60))
      .max(40)
      .default([])
      .meta({ description: 'Price lists of rails that need not be here, such as rtp or ach_same_day, each as a way of its own.' }),
  })
  .refine((b) => b.destinations.length + b.schedules.length > 0, { message: 'needs a destination or a schedule', path: ['destinations'] })

const rails = z
  .array(z.union(railChoice.options, 'is no rail: lightning, evm, bank, book or custom, or one of them, such as evm:8453 or custom:name'))
  .max(20)
  .default([])
const usd = z.string().regex(/^(0|[1-9][0-9]{0,5})(\.[0-9]{1,9})?$/, 'is not a sum of dollars such as "0.10", below a million')

const isIn = (list: readonly string[], rail: string) => list.includes(rail) || list.includes(rail.split(':')[0]!)

/** How a party wants its payouts to go; what it leaves out it says nothing of. What could never pay anything is refused, and what would do nothing. */
export const routingPolicy = z
  .strictObject({
    allow: rails.meta({ description: 'Only these rails, when there are any: `evm:8453`, or all of a kind, `evm`.' }),
    forbid: rails,
    prefer: rails.meta({ description: 'Every other rail is taken to cost prefer_by_usd more.' }),
    prefer_by_usd: usd.default('0'),
    wait_percent: z
      .int()
      .min(0)
      .max(10_000)
      .default(100)
      .meta({ description: 'What waiting is worth, in hundredths of the operator’s price.' }),
    fee_max_usd: usd.optional().meta({ description: 'The most that a rail may be expected to take.' }),
    attempts_max: z.int().min(1).max(4).optional(),
    parts_max: z
      .int()
      .min(1)
      .max(4)
      .optional()
      .meta({ description: 'In so many parts a payout may be paid that is too much for each way: 4 when absent, 1 never.' }),
  })
  .refine(({ allow, forbid }) => allow.length === 0 || !allow.every((rail) => isIn(forbid, rail)), {
    message: 'is forbidden whole by forbid, so nothing could ever be paid',
    path: ['allow'],
  })
  .refine(({ prefer, prefer_by_usd: by }) => prefer.length === 0 || /[1-9]/.test(by), {
    message: 'does nothing without prefer_by_usd, what another rail is taken to cost more',
    path: ['prefer'],
  })
  .refine(({ prefer, prefer_by_usd: by }) => prefer.length > 0 || !/[1-9]/.test(by), {
    message: 'does nothing without prefer, the rails that it favours',
    path: ['prefer_by_usd'],
  })

/** Hours of the routing's performance, this one included. */
export const balanceSheetQuery = z.strictObject({
  rates_of: z.iso.date().optional().meta({ description: 'Currencies by the reference rates of this day, or the last before it.' }),
})
export const performanceHours = z.strictObject({ hours: z.coerce.number().int().min(1).max(192).default(24) })

/** What is not listed newest first, because it is read whole: what comes meanwhile is on the last page. */
const WHOLE_PAGE = { most: 200, unless: 50 }
export const wholePage = z.coerce.number().int().min(1).max(WHOLE_PAGE.most).default(WHOLE_PAGE.unless)
export const accountsPage = z.strictObject({
  limit: wholePage,
  after: z
    .string()
    .regex(/^[0-9]{1,9}$/, 'is not what `next` of a page says')
    .default('0'),
})
export const byId = z.strictObject({ id: z.string().max(80) })

/** Shorter than the patience of most proxies. */
const WAIT_S_MAX = 20
export const waiting = z.strictObject({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(WAIT_S_MAX)
    .default(0)
    .meta({ description: 'Seconds to wait for its end before it is shown as it is.' }),
})

/** Which chain an operation on a split is for; every chain when absent. */
export const onChain = z.strictObject({ rail: evmRailName.optional() })

/** A destination as the domain names it. */
export function toDestination(d: z.infer<typeof destination>): Destination {
  if (d.kind === 'lightning_node') return { kind: d.kind, nodeId: d.node_id, ...(d.records ? { records: d.records } : {}) }
  if (d.kind === 'us_account') {
    const { kind, routing_number: routing, account_number: account, account_type: type, name, holder } = d
    return { kind, routing, account, type, name, ...(holder === undefined ? {} : { holder }) }
  }
  if (d.kind === 'bitcoin_uri') return uriDestination(d.uri)
  // The address and the id have been matched by their patterns, which the types do not carry.
  return d as Destination
}
