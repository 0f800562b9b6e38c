import { z } from 'zod'
import { APP_METHODS } from '../../wallets/wallet/app.ts'
import { BUDGET_PERIODS } from '../../wallets/wallet/budgetPeriod.ts'
import { amountText } from '../http/amountText.ts'
import { metadata } from '../http/wire.ts'

/** Shapes of requests about Lightning Addresses, withdrawal links and logins. Amounts are decimal strings. */
const amount = amountText('0.00001')
const partyId = z.string().regex(/^pa_[0-9a-f]{32}$/, 'is not a party id (pa_...)')
const btc = z.strictObject({ asset: z.literal('BTC'), amount })
const wish = z.strictObject({ mandatory: z.boolean() })

export const createAddress = z.strictObject({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, 'is not a name of lower-case letters, digits, ".", "_" and "-"'),
  party: partyId,
  description: z.string().trim().min(1).max(200),
  min: btc.optional(),
  max: btc.optional(),
  comment_max: z.int().min(0).max(500).default(0),
  payer_data: z
    .strictObject({ name: wish.optional(), email: wish.optional(), identifier: wish.optional(), pubkey: wish.optional() })
    .default({}),
  success: z
    .discriminatedUnion('tag', [
      z.strictObject({ tag: z.literal('message'), message: z.string().min(1).max(144) }),
      z.strictObject({ tag: z.literal('url'), description: z.string().min(1).max(144), url: z.url({ protocol: /^https$/ }).max(500) }),
    ])
    .optional(),
  metadata: metadata.default({}),
})

export const createWithdrawLink = z.strictObject({
  party: partyId,
  amount: z.strictObject({ asset: z.string().max(100), amount }),
  uses: z.int().min(1).max(10_000).default(1),
  description: z.string().trim().max(140).default(''),
  metadata: metadata.default({}),
  expires_in_s: z
    .int()
    .min(10)
    .max(365 * 86_400)
    .default(86_400),
})

export const createLogin = z.strictObject({ action: z.enum(['register', 'login', 'link', 'auth']).optional() })

export const createWalletApp = z.strictObject({
  party: partyId,
  name: z.string().trim().min(1).max(100),
  methods: z.array(z.enum(APP_METHODS)).min(1).max(APP_METHODS.length).optional(),
  budget: btc.optional(),
  period: z.enum(BUDGET_PERIODS).default('never'),
  metadata: metadata.default({}),
  expires_in_s: z
    .int()
    .min(60)
    .max(5 * 365 * 86_400)
    .optional(),
})

export const destinationQuery = z.strictObject({ to: z.string().min(3).max(2_000) })
export const byName = z.strictObject({ name: z.string().max(130) })
export const byK1 = z.strictObject({ k1: z.string().max(64) })

/** What wallets send. Unknown parameters are passed over, as LUD-01 wants, so these are not strict. */
export const payQuery = z.object({
  amount: z
    .string()
    .regex(/^[1-9][0-9]{0,18}$/, 'is not a number of millisatoshi')
    .transform(BigInt),
  comment: z.string().default(''),
  payerdata: z.string().default(''),
})
export type PayQuery = z.infer<typeof payQuery>
export const withdrawQuery = z.object({ k1: z.string().max(100) })
export const withdrawCallbackQuery = z.object({ k1: z.string().max(100), pr: z.string().min(20).max(7_089) })
export const authQuery = z.object({ k1: z.string().max(64), sig: z.string().max(144), key: z.string().max(66) })
