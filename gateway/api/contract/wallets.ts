import { z } from 'zod'
import { APP_METHODS } from '../../wallets/wallet/app.ts'
import { BUDGET_PERIODS } from '../../wallets/wallet/budgetPeriod.ts'
import { approval } from './people.ts'
import { answers, idempotent, idOf, metadata, money, pageOf, time } from './shapes.ts'

const standing = {
  offer: z.string().nullable().meta({ description: 'A BOLT 12 offer, once one was asked for.' }),
  uri: z.string().nullable(),
}
const wish = z.strictObject({ mandatory: z.boolean() })
const success = z.discriminatedUnion('tag', [
  z.strictObject({ tag: z.literal('message'), message: z.string() }),
  z.strictObject({ tag: z.literal('url'), description: z.string(), url: z.string() }),
])
const addressFields = {
  object: z.literal('lightning_address'),
  name: z.string(),
  address: z.string(),
  party: idOf('pa'),
  description: z.string(),
  lnurl: z.string(),
  min: money,
  max: money,
  comment_max: z.int(),
  ...standing,
  payer_data: z.record(z.string(), wish),
  success: success.nullable(),
  metadata,
  created_at: time,
}
const address = z.strictObject(addressFields).meta({ id: 'LightningAddress' })
const addressPayment = z
  .strictObject({
    payment_hash: z.string(),
    to: z.string(),
    amount: money,
    at: time,
    comment: z.string().nullable(),
    payer_data: z.unknown(),
    podcast: z.unknown(),
  })
  .meta({ id: 'AddressPayment' })
const paidAddress = z.strictObject({ ...addressFields, payments: z.array(addressPayment) }).meta({ id: 'PaidLightningAddress' })
const closedAddress = z.strictObject({ object: z.literal('lightning_address'), name: z.string(), status: z.literal('closed') })
const lightningOffer = z
  .strictObject({ object: z.literal('lightning_offer'), name: z.string(), ...standing })
  .meta({ id: 'LightningOffer' })
const lightningDestination = z
  .strictObject({
    object: z.literal('lightning_destination'),
    host: z.string(),
    description: z.string(),
    identifier: z.string().nullable(),
    min: money,
    max: money,
    comment_max: z.int(),
  })
  .meta({ id: 'LightningDestination' })

const linkFields = {
  id: z.string(),
  object: z.literal('withdraw_link'),
  party: idOf('pa'),
  status: z.string(),
  amount: money,
  left: money,
  uses: z.int(),
  description: z.string(),
  metadata,
  created_at: time,
  expires_at: time,
}
const link = z.strictObject(linkFields).meta({ id: 'WithdrawLink' })
const shownLink = z
  .strictObject({ ...linkFields, lnurl: z.string().nullable(), lnurlw: z.string().nullable() })
  .meta({ id: 'ShownWithdrawLink', description: 'With its secret, by which one withdraws: null for a key that may not make one.' })

const newLogin = z
  .strictObject({ object: z.literal('login'), k1: z.string(), lnurl: z.string(), keyauth: z.string(), expires_at: time })
  .meta({ id: 'NewLogin' })
const login = z
  .strictObject({
    object: z.literal('login'),
    k1: z.string(),
    status: z.enum(['open', 'signed']),
    key: z.string().nullable().meta({ description: 'The public key of the wallet that signed, which is its name at your site.' }),
    action: z.string().nullable(),
  })
  .meta({ id: 'Login' })

const appFields = {
  id: idOf('wa'),
  object: z.literal('wallet_app'),
  party: idOf('pa'),
  name: z.string(),
  status: z.enum(['active', 'ended']),
  methods: z.array(z.enum(APP_METHODS)),
  budget: money,
  period: z.enum(BUDGET_PERIODS),
  metadata,
  created_at: time,
  expires_at: time.nullable(),
}
const app = z.strictObject(appFields).meta({ id: 'WalletApp' })
const shownApp = z
  .strictObject({ ...appFields, connection: z.string().nullable() })
  .meta({ id: 'ShownWalletApp', description: 'With its connection (NIP-47), which is a secret: null for a key that may not make one.' })

export const walletOperations = {
  'POST /v1/lightning_addresses': idempotent('createLightningAddress', { 201: address }),
  'GET /v1/lightning_addresses': answers('listLightningAddresses', { 200: pageOf(address) }),
  'GET /v1/lightning_addresses/:name': answers('getLightningAddress', { 200: paidAddress }),
  'GET /v1/lightning_destinations': answers('getLightningDestination', { 200: lightningDestination }, { refuses: [502] }),
  'POST /v1/lightning_addresses/:name/offer': answers('makeLightningOffer', { 200: lightningOffer }),
  'POST /v1/lightning_addresses/:name/close': idempotent('closeLightningAddress', { 200: closedAddress }),
  'POST /v1/withdraw_links': idempotent('createWithdrawLink', { 201: link, 202: approval }),
  'GET /v1/withdraw_links': answers('listWithdrawLinks', { 200: pageOf(link) }),
  'GET /v1/withdraw_links/:id': answers('getWithdrawLink', { 200: shownLink }),
  'POST /v1/withdraw_links/:id/cancel': idempotent('cancelWithdrawLink', { 200: link }),
  'POST /v1/logins': answers('createLogin', { 201: newLogin }),
  'GET /v1/logins/:k1': answers('getLogin', { 200: login }),
  'POST /v1/wallet_apps': idempotent('createWalletApp', { 201: app, 202: approval }),
  'GET /v1/wallet_apps': answers('listWalletApps', { 200: pageOf(app) }),
  'GET /v1/wallet_apps/:id': answers('getWalletApp', { 200: shownApp }),
  'POST /v1/wallet_apps/:id/revoke': idempotent('revokeWalletApp', { 200: app }),
}
