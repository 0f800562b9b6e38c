import { expect, test } from 'vitest'
import { type CoinChannel, type CoinClosings, explainCoins } from './explainCoins.ts'
import type { WalletTransaction } from './walletTransactions.ts'

// As LND 0.21.2 told them, with short ids. The books began at block 108 with 389,999,177 sat.
const BEFORE = 389_999_177n
const tx = (
  id: string,
  height: number | undefined,
  sats: bigint,
  o: { ins: (string | { ours: string })[]; outs: (bigint | { ours: bigint })[]; label?: string },
): WalletTransaction => ({
  id,
  height,
  sats,
  label: o.label ?? '',
  inputs: o.ins.map((input) => (typeof input === 'string' ? { outpoint: input, ours: false } : { outpoint: input.ours, ours: true })),
  outputs: o.outs.map((out, i) =>
    typeof out === 'bigint' ? { outpoint: `${id}:${i}`, sats: out, ours: false } : { outpoint: `${id}:${i}`, sats: out.ours, ours: true },
  ),
})
const opening = (height?: number) =>
  tx('1a', height, -300_462n, { ins: [{ ours: '27:1' }], outs: [300_000n, { ours: 379_697_945n }], label: '0:openchannel' })
const sent = (height?: number, label = 'external') =>
  tx('92', height, -1_234_996n, { ins: [{ ours: '1a:1' }], outs: [1_234_567n, { ours: 378_462_949n }], label })
const toSelf = tx('8a', 122, -465n, { ins: [{ ours: '92:1' }], outs: [{ ours: 777_777n }, { ours: 377_684_707n }], label: 'external' })
const deposit = (height?: number) => tx('47', height, 5_000_000n, { ins: ['99:0'], outs: [{ ours: 5_000_000n }, 4_994_990_000n] })
const together = (height?: number) =>
  tx('90', height, 4_999_421n, { ins: ['0c:0'], outs: [{ ours: 4_999_421n }, 5_000_000n], label: '0:closechannel:shortchanid-1' })
const sweep = (height?: number) => tx('17', height, 247_804n, { ins: ['48:3'], outs: [{ ours: 247_804n }], label: '0:sweep' })

const channel = (change: Partial<CoinChannel> = {}): CoinChannel => ({
  channel: '1a:0',
  state: 'open',
  weOpened: true,
  isNew: true,
  capacitySats: 300_000n,
  pushedSats: 0n,
  ...change,
})
const none: CoinClosings = { sources: new Map(), booked: new Set(), bookedSats: new Map(), homeSats: 0n }
const sourceOf = (name: string) => new Map([[name, name]])
const bookedOf = (name: string) => ({ sources: sourceOf(name), booked: new Set([name]) })
const explained = (
  transactions: WalletTransaction[],
  o: { channels?: CoinChannel[]; closings?: Partial<CoinClosings>; before?: bigint; height?: number; told?: string[] } = {},
) => {
  const { channels = [], closings, before: beforeSats = BEFORE, height = 150, told: before = [] } = o
  return explainCoins({ beforeSats, transactions, channels, closings: { ...none, ...closings }, height, told: new Set(before) })
}
const told = (effects: readonly { kind: string; place: string; sats: bigint; id: string }[]) =>
  effects.map(({ kind, place, sats, id }) => `${kind} ${place} ${sats} (${id})`)

test('coins that left are missing at once and for ever, whatever the sender wrote beside them', () => {
  for (const stolen of [sent(), sent(121), sent(121, '0:openchannel'), sent(121, '0:sweep')]) {
    const missing = { transaction: '92', sats: 1_234_996n }
    expect(explained([stolen])).toEqual({ effects: [], wholeSats: BEFORE - 1_234_996n, isWaiting: false, unexplained: [missing] })
  }
})

test('a deposit is told when it is in a block, and before that hides nothing', () => {
  expect(explained([deposit()])).toEqual({ effects: [], wholeSats: BEFORE, isWaiting: true, unexplained: [] })
  expect(explained([deposit(), sent()])).toMatchObject({ wholeSats: BEFORE - 1_234_996n })
  const { effects, wholeSats, isWaiting } = explained([deposit(123)])
  expect([told(effects), wholeSats, isWaiting]).toEqual([['funded wallet 5000000 (coins 47)'], BEFORE + 5_000_000n, false])
})

test('coins that are turned over cost a fee, and one that is too dear to be a fee is missing', () => {
  expect(told(explained([toSelf]).effects)).toEqual(['spent wallet 465 (coins 8a)'])
  const burnt = tx('8a', 122, -50_001n, { ins: [{ ours: '92:1' }], outs: [{ ours: 1n }] })
  expect(explained([burnt])).toMatchObject({ effects: [], unexplained: [{ transaction: '8a', sats: 50_001n }] })
})

test('a channel that we open takes its coins and its fee when it is open, and hides nothing before', () => {
  const channels = [channel({ state: 'opening' })]
  expect(explained([opening()], { channels })).toEqual({ effects: [], wholeSats: BEFORE, isWaiting: true, unexplained: [] })
  const { effects, wholeSats } = explained([opening(115)], { channels: [channel()] })
  expect([told(effects), wholeSats]).toEqual([['moved wallet 300000 (opening 1a:0)', 'spent wallet 462 (coins 1a)'], BEFORE - 300_462n])
  // One that closed since, and that was never seen open.
  expect(told(explained([opening(115)], { channels: [channel({ state: 'closed' })] }).effects)).toEqual(told(effects))
})

test('what the opening of a channel pushes to the peer, or pays to somebody beside it, is missing', () => {
  for (const state of ['opening', 'open'] as const) {
    const channels = [channel({ state, pushedSats: 50_000n })]
    expect(explained([opening(115)], { channels }).unexplained).toEqual([{ transaction: '1a', sats: 50_000n }])
  }
  const more = tx('1a', 115, -1_300_462n, { ins: [{ ours: '27:1' }], outs: [300_000n, 1_000_000n, { ours: 1n }] })
  expect(explained([more], { channels: [channel()] }).unexplained).toEqual([{ transaction: '1a', sats: 1_000_000n }])
})

test('what is in a new channel without LND’s coins is the operator’s', () => {
  const gift = channel({ weOpened: false, pushedSats: 7n })
  expect(told(explained([], { channels: [gift] }).effects)).toEqual(['funded node 7 (opening 1a:0)'])
  expect(told(explained([], { channels: [channel()] }).effects)).toEqual(['funded node 300000 (opening 1a:0)'])
  expect(explained([], { channels: [{ ...gift, isNew: false }, channel({ weOpened: false })] }).effects).toEqual([])
})

test('what a closing brings is never a deposit, and waits until the books have it', () => {
  const sources = new Map([...sourceOf('0c:0'), ...sourceOf('48')])
  for (const coins of [together(), together(124), sweep(134)]) {
    expect(explained([coins], { closings: { sources } })).toMatchObject({ effects: [], wholeSats: BEFORE, unexplained: [] })
  }
  const booked = { sources, booked: new Set(['0c:0']), bookedSats: new Map([['90', 4_999_421n]]), homeSats: 4_999_421n }
  expect(explained([together(124)], { closings: booked })).toMatchObject({ effects: [], wholeSats: BEFORE + 4_999_421n, isWaiting: false })
})

test('a sweep costs what it brought less than the channels had, when all of them are booked, and then for ever', () => {
  const home = { bookedSats: new Map([['17', 247_939n]]), homeSats: 247_939n }
  const during = explained([sweep(134)], { closings: { ...home, sources: sourceOf('48') } })
  expect(during).toMatchObject({ effects: [], wholeSats: BEFORE + 247_939n, isWaiting: true })
  // Another channel closes meanwhile.
  const closings = { ...home, sources: new Map([...sourceOf('48'), ...sourceOf('0c:0')]), booked: new Set(['48']) }
  const { effects, wholeSats } = explained([sweep(134)], { closings })
  expect([told(effects), wholeSats]).toEqual([['spent wallet 135 (coins 17)'], BEFORE + 247_804n])
})

test('what a closing is said to have brought, and no transaction of the wallet did, is missing', () => {
  // As when a channel is closed together to an address of somebody else.
  const booked = { ...bookedOf('0c:0'), bookedSats: new Map([['90', 4_999_421n]]), homeSats: 4_999_421n }
  expect(explained([], { closings: booked })).toMatchObject({
    wholeSats: BEFORE,
    unexplained: [{ transaction: '90', sats: 4_999_421n }],
  })
})

test('what a closing brought beyond the channel’s own is a gain, when the channel is booked', () => {
  // As when the peer is punished for an old state.
  const home = { bookedSats: new Map([['17', 100_000n]]), homeSats: 100_000n }
  const during = explained([sweep(134)], { closings: { ...home, sources: sourceOf('48') } })
  expect(during).toMatchObject({ effects: [], wholeSats: BEFORE + 100_000n })
  expect(told(explained([sweep(134)], { closings: { ...home, ...bookedOf('48') } }).effects)).toEqual(['funded wallet 147804 (coins 17)'])
})

test('a bump of a closing costs what it takes, and an anchor that comes back is a gain', () => {
  const closings = bookedOf('48')
  const bump = tx('cc', 131, -1_170n, { ins: ['48:0', { ours: '8a:0' }], outs: [{ ours: 776_607n }], label: '0:sweep' })
  expect(told(explained([bump], { closings }).effects)).toEqual(['spent wallet 1170 (coins cc)'])
  const anchor = tx('cd', 140, 210n, { ins: ['48:0'], outs: [{ ours: 210n }], label: '0:sweep' })
  expect(told(explained([anchor], { closings }).effects)).toEqual(['funded wallet 210 (coins cd)'])
  // The second stage of an HTLC, and what sweeps that.
  const stage = tx('ce', 141, -600n, { ins: ['48:2', { ours: '8a:0' }], outs: [90_000n, { ours: 5n }] })
  const last = tx('cf', 146, 89_500n, { ins: ['ce:0'], outs: [{ ours: 89_500n }] })
  const both = explained([last, stage], { closings: { sources: sourceOf('48') } })
  expect(both).toMatchObject({ effects: [], wholeSats: BEFORE, unexplained: [] })
})

test('a sweep of no channel that is known becomes a deposit when it is deep', () => {
  expect(explained([sweep(134)], { height: 276 })).toMatchObject({ effects: [], wholeSats: BEFORE })
  expect(told(explained([sweep(134)], { height: 277 }).effects)).toEqual(['funded wallet 247804 (coins 17)'])
})

test('no more is told to leave than the books have, because what closes may be spent before it is booked', () => {
  const closings = { sources: sourceOf('0c:0') }
  const transactions = [together(124), opening(125)]
  const held = explained(transactions, { before: 0n, channels: [channel()], closings })
  expect(held).toEqual({ effects: [], wholeSats: 0n, isWaiting: true, unexplained: [] })
  // What was told is in the books, whatever leaves later.
  const keys = ['moved opening 1a:0', 'spent coins 1a']
  expect(explained(transactions, { before: 0n, channels: [channel()], closings, told: keys })).toMatchObject({ wholeSats: -300_462n })
  const booked = { ...bookedOf('0c:0'), bookedSats: new Map([['90', 4_999_421n]]), homeSats: 4_999_421n }
  const { effects, wholeSats } = explained(transactions, { before: 0n, channels: [channel()], closings: booked })
  expect([told(effects), wholeSats]).toEqual([['moved wallet 300000 (opening 1a:0)', 'spent wallet 462 (coins 1a)'], 4_999_421n - 300_462n])
})
