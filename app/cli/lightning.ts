import type { lightningView } from '../../gateway/api/routes/lightningView.ts'
import { floorDiv } from '../../gateway/money/integers.ts'
import { mark } from './colours.ts'
import { type Align, ledgerTable } from './ledger/ledgerTable.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

type View = ReturnType<typeof lightningView>

const MSAT_PER_SAT = 1_000n
const CHANNEL_COLUMNS: readonly Align[] = ['left', 'left', 'left', 'right', 'right', 'right', 'right']

/** The node of the gateway, as one of the texts below. */
export async function showLightning(o: Asked, text: (view: View) => string): Promise<number> {
  const view = await asked(o)
  print(o, view, () => text(view))
  return 0
}

async function asked(o: Asked): Promise<View> {
  return (await whichGateway(o).call('GET', '/v1/lightning')) as View // The gateway's own answer.
}

/** The node, its alarms, and how payments go. */
export function statusText(v: View): string {
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
    ...v.alarms.map((alarm) => `${mark('ALARM', false)}      ${alarm}`),
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

/** What can leave and arrive in all, and for how long. */
export function liquidityText({ liquidity: l }: View): string {
  return [
    `outbound   ${sat(l.outbound_msat)} sat can leave`,
    `inbound    ${sat(l.inbound_msat)} sat can arrive${l.inbound_hours_left === undefined ? '' : `, for ${l.inbound_hours_left} hours as money comes in now`}`,
    `in flight  ${sat(l.unsettled_msat)} sat, ${l.htlc_slots_used} of ${l.htlc_slots} HTLC slots`,
  ].join('\n')
}

/** Every channel with what can leave and arrive. */
export function channelsText({ channels }: View): string {
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

/** Payments that the node will not end by itself; 1 when there are any. */
export async function showStuck(o: Asked): Promise<number> {
  const found = (await asked(o)).under_way.filter((attempt) => attempt.stuck)
  print(o, found, () => {
    if (found.length === 0) return 'nothing is stuck'
    const rows = found.flatMap((a) => [`${a.attempt}  since ${a.since}`, `  payment hash ${a.payment_hash}`])
    return `${rows.join('\n')}\n\nThe node says that they are in flight, and no channel has them. They are not\nfailed and not paid again: see docs/lightning.md.`
  })
  return found.length === 0 ? 0 : 1
}

/** What a payment would cost now; 1 when there is no way. */
export async function probe(to: string, amount: string, o: Asked): Promise<number> {
  const body = { ...(/^0[23][0-9a-f]{64}$/.test(to) ? { node: to } : { invoice: to }), amount_msat: amount }
  const quote = (await whichGateway(o).call('POST', '/v1/lightning/quote', body)) as Record<string, string | number | boolean> // Our own answer.
  print(o, quote, () => (quote.possible ? quoteText(quote) : `not possible: ${quote.reason} (${quote.detail})`))
  return quote.possible ? 0 : 1
}

function quoteText(q: Readonly<Record<string, string | number | boolean>>): string {
  return [
    `fee        ${q.fee_msat} msat (limit ${q.fee_max_msat})`,
    `success    ${percent(String(q.success_ppm))}, ${q.seconds} s; ${sat(String(q.available_msat))} sat can leave`,
    ...(q.hops === undefined ? [] : [`route      ${q.hops} hops, locked for ${q.lock_blocks} blocks at most`]),
  ].join('\n')
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
