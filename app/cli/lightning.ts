import { parseArgs } from 'node:util'
import type { lightningView } from '../../gateway/api/routes/lightningView.ts'
import { floorDiv } from '../../gateway/money/integers.ts'
import { type GatewayCall, gatewayCall } from './gatewayCall.ts'
import { helpText } from './help.ts'
import { type Align, ledgerTable } from './ledger/ledgerTable.ts'
import { lightningWithdraw } from './lightningWithdraw.ts'
import { type Verb, WrongWords } from './verb.ts'
import { whichGateway } from './whichGateway.ts'

type View = ReturnType<typeof lightningView>
type Words = Readonly<{
  words: readonly string[]
  json: boolean
  call: GatewayCall
  feeRate: string | undefined
  maxFee: string | undefined
  id: string | undefined
}>
type Part = Readonly<{ words: string; run: (w: Words) => Promise<number> }>

const MSAT_PER_SAT = 1_000n
const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  'fee-rate': { type: 'string' },
  'max-fee': { type: 'string' },
  id: { type: 'string' },
} as const
const CHANNEL_COLUMNS: readonly Align[] = ['left', 'left', 'left', 'right', 'right', 'right', 'right']

const PARTS: Readonly<Record<string, Part>> = {
  status: { words: '                          the node, its alarms, how payments go', run: (w) => show(w, statusText) },
  channels: { words: '                          every channel with what can leave and arrive', run: (w) => show(w, channelsText) },
  liquidity: { words: '                          what can leave and arrive in all, and for how long', run: (w) => show(w, liquidityText) },
  stuck: { words: '                          payments that the node will not end by itself; exit 1 when there are any', run: stuck },
  withdraw: {
    words: 'ADDRESS AMOUNT_SAT|all [--fee-rate SAT_PER_VB] [--max-fee SAT] [--id KEY]  sends money of the embedded node’s own wallet',
    run: lightningWithdraw,
  },
  probe: { words: 'INVOICE|NODE AMOUNT_MSAT  what a payment would cost now; nothing is sent', run: probe },
}

/** `switchyard lightning ...`: the Lightning node of a running gateway. */
export const verb: Verb = {
  usage: 'status|channels|liquidity|stuck|probe|withdraw [--url URL --key KEY] [--json]   the Lightning node of a running gateway',
  parts: [
    'It asks a running gateway: --url URL --key KEY (without them the local network), --json for programs.\n',
    ...Object.entries(PARTS).map(([name, { words }]) => `  switchyard lightning ${name.padEnd(9)} ${words}`),
  ],
  exits: {
    1: 'refused; `stuck` found payments, `probe` found no way, or a withdrawal failed',
    3: 'a withdrawal of which it is not known yet whether it was sent; it is looked up',
  },
  async run([name = '', ...args]) {
    const part = PARTS[name]
    if (!part) {
      console.error(helpText('lightning', verb))
      return 2
    }
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
    const { url, key } = whichGateway(values)
    const { 'fee-rate': feeRate, 'max-fee': maxFee, id } = values
    return part.run({ words: positionals, json: values.json ?? false, call: gatewayCall(url, key), feeRate, maxFee, id })
  },
}

async function show({ json, call }: Words, text: (view: View) => string): Promise<number> {
  const view = (await call('GET', '/v1/lightning')) as View
  console.log(json ? JSON.stringify(view, null, 2) : text(view))
  return 0
}

function statusText(v: View): string {
  const { sent_last_day: sent, received_last_day: received } = v
  const failed = Object.entries(sent.failed).map(([reason, count]) => `${count} ${reason}`)
  return [
    `node       ${v.node_id}`,
    `           ${v.backend} ${v.name} on ${v.network}, block ${v.height}${v.synced ? '' : ' (not synced)'}, ${v.peers} peers, ${v.channels.length} channels`,
    `received   ${received.count} payments, ${sat(received.msat)} sat in the last day`,
    `sent       ${sent.settled} settled, ${failed.join(', ') || '0'} failed, ${sent.open} open, ${sent.stuck} stuck in the last day`,
    ...(sent.fee_ppm === undefined ? [] : [`           fees ${sent.fee_ppm} ppm, settled in ${sent.p50_ms} ms (p99 ${sent.p99_ms} ms)`]),
    ...(v.backup ? [`backup     ${v.backup.file}, taken ${v.backup.taken_at}`] : []),
    ...(v.on_chain ? onChainLines(v.on_chain) : []),
    ...(v.process ? [processText(v.process)] : []),
    liquidityText(v),
    ...v.alarms.map((alarm) => `ALARM      ${alarm}`),
  ].join('\n')
}

function onChainLines({ confirmed_msat, pending_msat, unexplained }: NonNullable<View['on_chain']>): string[] {
  const pending = BigInt(pending_msat)
  const under =
    pending === 0n
      ? ''
      : `, ${pending < 0n ? `${sat(String(-pending))} sat of it on their way out` : `and ${sat(pending_msat)} sat to come`}`
  const unasked = unexplained.map(
    ({ transaction, msat }) => `           ${sat(msat)} sat left it with ${transaction}, which nothing here asked for`,
  )
  return [`on chain   ${sat(confirmed_msat)} sat${under}`, ...unasked]
}

function processText(p: NonNullable<View['process']>): string {
  return [
    `process    ${p.memory_bytes >> 20} MB, replaced ${p.recycles} times for its memory, restarted ${p.restarts} times`,
    `at risk    ${sat(p.dust_msat)} of ${sat(p.dust_max_msat)} sat in payments that a force close would lose`,
    ...(p.channels_closing === '0' ? [] : [`closing    ${p.channels_closing} channels, on their way to ${p.wallet_address}`]),
  ].join('\n')
}

function liquidityText({ liquidity: l }: View): string {
  return [
    `outbound   ${sat(l.outbound_msat)} sat can leave`,
    `inbound    ${sat(l.inbound_msat)} sat can arrive${l.inbound_hours_left === undefined ? '' : `, for ${l.inbound_hours_left} hours as money comes in now`}`,
    `in flight  ${sat(l.unsettled_msat)} sat, ${l.htlc_slots_used} of ${l.htlc_slots} HTLC slots`,
  ].join('\n')
}

function channelsText({ channels }: View): string {
  const titles = ['channel', 'peer', 'state', 'outbound sat', 'inbound sat', 'in flight', 'slots']
  const rows = channels.map((c) => [
    c.id,
    c.peer.slice(0, 16),
    `${c.usable ? 'up' : 'DOWN'}${c.announced ? '' : ', private'}`,
    sat(c.outbound_msat),
    sat(c.inbound_msat),
    sat(c.unsettled_msat),
    `${c.htlc_slots_used}/${c.htlc_slots}`,
  ])
  return ledgerTable(titles, rows, CHANNEL_COLUMNS)
}

async function stuck({ json, call }: Words): Promise<number> {
  const view = (await call('GET', '/v1/lightning')) as View
  const found = view.under_way.filter((attempt) => attempt.stuck)
  if (json) console.log(JSON.stringify(found, null, 2))
  else if (found.length === 0) console.log('nothing is stuck')
  else {
    console.log(ledgerTable(['attempt', 'since', 'payment hash'], found.map((a) => [a.attempt, a.since, a.payment_hash]), ['left', 'left', 'left'])) // biome-ignore format: one table
    console.log(
      '\nThe node says that they are in flight and no channel has them. They are not failed and not paid again: see docs/lightning.md.',
    )
  }
  return found.length === 0 ? 0 : 1
}

async function probe({ words: [to, amount], json, call }: Words): Promise<number> {
  if (!to || !amount) throw new WrongWords('Two words are needed: switchyard lightning probe INVOICE|NODE AMOUNT_MSAT')
  const body = { ...(/^0[23][0-9a-f]{64}$/.test(to) ? { node: to } : { invoice: to }), amount_msat: amount }
  const quote = (await call('POST', '/v1/lightning/quote', body)) as Record<string, string | number | boolean>
  if (json) console.log(JSON.stringify(quote, null, 2))
  else if (quote.possible) {
    console.log(
      `fee ${quote.fee_msat} msat (limit ${quote.fee_max_msat}), success ${percent(String(quote.success_ppm))}, ${quote.seconds} s; ${sat(String(quote.available_msat))} sat can leave${quote.hops === undefined ? '' : `; ${quote.hops} hops, locked for ${quote.lock_blocks} blocks at most`}`,
    )
  } else console.log(`not possible: ${quote.reason} (${quote.detail})`)
  return quote.possible ? 0 : 1
}

/** Whole satoshi of an amount in msat, grouped. */
function sat(msat: string): string {
  return floorDiv(BigInt(msat), MSAT_PER_SAT)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ' ')
}

function percent(ppm: string): string {
  return `${floorDiv(BigInt(ppm), 10_000n)} %`
}
