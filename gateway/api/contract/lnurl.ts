import { z } from 'zod'
import { refundStatusText } from '../http/refundWire.ts'
import { authQuery, payQuery, withdrawCallbackQuery, withdrawQuery } from '../walletRoutes/lnurlWire.ts'
import { linkFields, refundWithLink } from './refunds.ts'
import { answers, idOf, money, time } from './shapes.ts'

/** The names are those of the LUDs, which wallets look for. What is refused is said with status 200 or 404, because wallets look at the body. */
const refused = z
  .strictObject({ status: z.literal('ERROR'), reason: z.string() })
  .meta({ id: 'WalletRefusal', description: 'What a wallet shows where it is refused (LUD-01).' })
const ok = z.strictObject({ status: z.literal('OK') })
const msat = z.int().meta({ description: 'Millisatoshi.' })

const payTerms = z
  .strictObject({
    tag: z.literal('payRequest'),
    callback: z.string(),
    minSendable: msat,
    maxSendable: msat,
    metadata: z.string(),
    commentAllowed: z.int().optional(),
    payerData: z.record(z.string(), z.strictObject({ mandatory: z.boolean() })).optional(),
  })
  .meta({ id: 'LnurlPayTerms' })
const invoice = z
  .strictObject({
    pr: z.string(),
    routes: z.array(z.unknown()),
    disposable: z.boolean(),
    successAction: z.record(z.string(), z.string()).optional(),
    verify: z.string(),
  })
  .meta({ id: 'LnurlInvoice' })
const keysend = z
  .strictObject({
    status: z.literal('OK'),
    tag: z.literal('keysend'),
    pubkey: z.string(),
    customData: z.array(z.strictObject({ customKey: z.string(), customValue: z.string() })),
  })
  .meta({ id: 'KeysendTerms' })
const paid = z
  .strictObject({ status: z.literal('OK'), settled: z.boolean(), preimage: z.string().nullable(), pr: z.string() })
  .meta({ id: 'LnurlVerification' })
const withdrawFields = {
  tag: z.literal('withdrawRequest'),
  callback: z.string(),
  k1: z.string(),
  defaultDescription: z.string(),
  minWithdrawable: msat,
  maxWithdrawable: msat,
}
const withdrawTerms = z.strictObject(withdrawFields).meta({ id: 'LnurlWithdrawTerms' })

const due = {
  object: z.literal('refund'),
  receipt: idOf('rc'),
  rail: z.string(),
  amount: money.nullable(),
  left: money.nullable(),
  ...linkFields,
  payment_url: z.string(),
  given: z
    .strictObject({ id: idOf('rf'), status: refundStatusText, expires_at: time })
    .optional()
    .meta({ description: 'The refund of its own that the link opens: what a payee gave back.' }),
}
const dueRefund = z.strictObject(due).meta({ id: 'DueRefund', description: 'What is due to the payer of work that was not delivered.' })
const fetchableRefund = z
  .strictObject({ ...due, lnurl: z.string(), ...withdrawFields })
  .meta({ id: 'FetchableRefund', description: 'The same with what a wallet needs to fetch it by an invoice (LUD-03).' })
const emptyRefund = z.strictObject({ ...due, status: z.literal('ERROR'), reason: z.string() }).meta({ id: 'EmptyRefund' })

const wallet = { wallet: refused } as const

export const lnurlOperations = {
  'GET /.well-known/lnurlp/:name': answers('getLnurlPayTerms', { 200: payTerms }, wallet),
  'GET /lnurl/pay/:name': answers('makeLnurlInvoice', { 200: invoice }, { ...wallet, query: payQuery }),
  'GET /.well-known/keysend/:name': answers('getKeysendTerms', { 200: keysend }, wallet),
  'GET /lnurl/verify/:id': answers('verifyLnurlInvoice', { 200: paid }, wallet),
  'GET /lnurl/withdraw/:id': answers('getLnurlWithdrawTerms', { 200: withdrawTerms }, { ...wallet, query: withdrawQuery }),
  'GET /lnurl/withdraw/:id/pay': answers('withdrawByLnurl', { 200: ok }, { ...wallet, query: withdrawCallbackQuery }),
  'GET /lnurl/auth': answers('signLnurlLogin', { 200: ok }, { ...wallet, query: authQuery }),
  // With a key it is a refund's own id, which that key may not know.
  'GET /v1/refunds/:id': answers(
    'getDueRefund',
    { 200: z.union([refundWithLink, fetchableRefund, emptyRefund, dueRefund]) },
    { refuses: [401, 403] },
  ),
  'POST /v1/refunds/:id': answers('sendDueRefund', { 202: dueRefund }),
  'POST /v1/refunds/:id/claim': answers('claimRefund', { 202: dueRefund }),
  'GET /v1/refunds/:id/invoice': answers('fetchDueRefund', { 200: ok }, { ...wallet, query: withdrawCallbackQuery }),
}
