import { z } from 'zod'
import { answers, hex, idOf, integerText, money } from './shapes.ts'

const onRail = { rail: z.string(), outcome: z.enum(['settled', 'failed', 'unknown']), reason: z.string().optional() }
const chainOutcome = z.strictObject({ ...onRail, evidence: z.string().optional() })
const movedFields = { split: idOf('sp'), outcome: z.enum(['settled', 'failed', 'unknown']), chains: z.array(chainOutcome) }
const moved = z
  .strictObject(movedFields)
  .meta({ id: 'SplitSweep', description: 'What was moved into the hub; 202 where a chain has not settled it yet, or refused it.' })
const claimed = z
  .strictObject({ split: idOf('sp'), account: z.string(), outcome: movedFields.outcome, chains: movedFields.chains })
  .meta({ id: 'ShareClaim', description: 'What a payee was paid out of the hub; 202 as for a sweep.' })

const channel = z
  .strictObject({
    id: hex,
    object: z.literal('channel'),
    rail: z.string(),
    split: idOf('sp').nullable(),
    status: z.enum(['open', 'closing', 'closed']),
    payer: hex,
    salt: integerText,
    closer: hex,
    deposit: money,
    accepted: money.optional().meta({ description: 'Of the newest voucher; to the operator.' }),
    claimed: money.optional().meta({ description: 'Of that, what the chain has paid; to the operator.' }),
  })
  .meta({ id: 'Channel', description: 'A voucher channel: a deposit that its payer spends by signing how much it owes in all.' })
const opening = z
  .strictObject({ id: hex, object: z.literal('channel'), rail: z.string(), status: z.literal('opening') })
  .meta({ id: 'OpeningChannel', description: 'The deposit is on its way: ask for the channel until it is there.' })
const voucher = z
  .strictObject({ object: z.literal('voucher'), channel: hex, receipt: idOf('rc'), accepted: money, added: money })
  .meta({ id: 'Voucher', description: 'accepted is what the payer owes in all, added what this one added.' })
const voucherClaim = z.strictObject({
  ...onRail,
  closer: hex,
  vouchers: z.int(),
  value: money,
  expected_cost: money,
  evidence: z.string().optional(),
  cost: money.optional(),
})
const voucherClaims = z.strictObject({ split: idOf('sp'), claims: z.array(voucherClaim) }).meta({ id: 'VoucherClaims' })

export const channelOperations = {
  'POST /v1/splits/:id/sweep': answers('sweepSplit', { 200: moved, 202: moved }),
  'POST /v1/splits/:id/claims/:account': answers(
    'claimShare',
    { 200: claimed, 202: claimed },
    { params: z.strictObject({ id: z.string(), account: z.string().meta({ description: 'The address of a payee of the split.' }) }) },
  ),
  'POST /v1/channels': answers('openChannel', { 201: channel, 202: opening }),
  'GET /v1/channels/:id': answers('getChannel', { 200: channel }),
  'POST /v1/channels/:id/vouchers': answers('payByVoucher', { 200: voucher, 201: voucher }),
  'POST /v1/splits/:id/claim_vouchers': answers('claimVouchers', { 200: voucherClaims, 202: voucherClaims }),
}
