import { z } from 'zod'
import { answers, idempotent, integerText, metadata, time } from './shapes.ts'

const msat = integerText.meta({ description: 'Thousandths of a satoshi, as text.' })
const sat = integerText.meta({ description: 'Satoshi, as text.' })
const slots = { htlc_slots_used: z.int(), htlc_slots: z.int() }

const liquidity = z.strictObject({
  outbound_msat: msat,
  inbound_msat: msat,
  unsettled_msat: msat,
  ...slots,
  inbound_hours_left: integerText.optional(),
})
const channel = z.strictObject({
  id: z.string(),
  peer: z.string(),
  usable: z.boolean(),
  announced: z.boolean(),
  opened_by_us: z.boolean(),
  local_msat: msat,
  remote_msat: msat,
  unsettled_msat: msat,
  outbound_msat: msat,
  inbound_msat: msat,
  ...slots,
})
const sent = z.strictObject({
  settled: z.int(),
  failed: z.record(z.string(), z.int()).meta({ description: 'How many, by their reason.' }),
  open: z.int(),
  stuck: z.int(),
  fee_ppm: integerText.optional(),
  p50_ms: z.number().optional(),
  p99_ms: z.number().optional(),
})
const onChain = z.strictObject({
  confirmed_msat: msat,
  pending_msat: msat,
  unexplained: z.array(z.strictObject({ transaction: z.string(), msat })),
})
const ownProcess = z.strictObject({
  memory_bytes: z.int(),
  recycles: z.int(),
  restarts: z.int(),
  dust_msat: msat,
  dust_max_msat: msat,
  channels_closing: integerText,
  wallet_address: z.string(),
})
const node = z
  .strictObject({
    backend: z.enum(['embedded', 'lnd']),
    node_id: z.string(),
    name: z.string(),
    network: z.string(),
    height: z.int(),
    synced: z.boolean(),
    peers: z.int(),
    alarms: z.array(z.string()).meta({ description: 'What to look at, in words.' }),
    liquidity,
    received_last_day: z.strictObject({ count: z.int(), msat }),
    sent_last_day: sent,
    on_chain: onChain.optional(),
    channels: z.array(channel),
    under_way: z.array(z.strictObject({ attempt: z.string(), payment_hash: z.string(), stuck: z.boolean(), since: time })),
    process: ownProcess.optional(),
    backup: z.strictObject({ file: z.string(), channels: z.int().optional(), taken_at: time }).optional(),
  })
  .meta({ id: 'LightningNode' })

const quote = z
  .discriminatedUnion('possible', [
    z.strictObject({ possible: z.literal(false), reason: z.string(), detail: z.string() }),
    z.strictObject({
      possible: z.literal(true),
      fee_msat: msat,
      fee_max_msat: msat,
      success_ppm: integerText,
      seconds: integerText,
      available_msat: msat,
      hops: z.int().optional(),
      lock_blocks: z.int().optional(),
    }),
  ])
  .meta({ id: 'LightningQuote' })

const withdrawal = z
  .strictObject({
    id: z.string(),
    status: z.enum(['begun', 'settled', 'failed']),
    address: z.string(),
    amount_sat: sat,
    fee_sat: sat,
    transaction: z.string().nullable(),
    confirmations: z.int(),
    detail: z.string().nullable(),
    metadata,
    created_at: time,
    ended_at: time.nullable(),
  })
  .meta({ id: 'NodeWithdrawal', description: 'Money out of the node’s own wallet on chain.' })

export const lightningOperations = {
  'GET /v1/lightning': answers('getLightningNode', { 200: node }, { refuses: [404] }),
  'POST /v1/lightning/quote': answers('quoteLightningPayment', { 200: quote }),
  'POST /v1/lightning/withdrawals': idempotent('createNodeWithdrawal', { 201: withdrawal }),
  'GET /v1/lightning/withdrawals': answers('listNodeWithdrawals', { 200: z.strictObject({ data: z.array(withdrawal) }) }),
  'GET /v1/lightning/withdrawals/:id': answers('getNodeWithdrawal', { 200: withdrawal }),
}
