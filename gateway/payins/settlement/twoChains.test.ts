import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { configuredRates } from '../../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { receiptSigner } from '../../audit/receipt/receipt.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { factsAt } from '../../ledger/journal/factsAt.ts'
import { type Asset, erc20Asset, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { createParties } from '../../parties/party/parties.ts'
import { createSplits, type Payee } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Hex } from '../../ports/ids.ts'
import { type EvmRailName, evmRail } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import { createCollections } from '../claim/collections.ts'
import { createPaidRequests } from '../claim/paidRequests.ts'
import { createRequestRecords } from '../claim/requestRecords.ts'
import { createIntentRecords } from '../intent/intentRecords.ts'
import { bookingOf } from './booking.ts'
import type { Movement } from './bookingContext.ts'
import { move } from './legs.ts'
import { createSettlementRecords } from './settlementRecords.ts'

// The same token address on two chains, as on any two that were set up alike: only the chain's id tells them apart.
const TOKEN: Hex = `0x${'c0'.repeat(20)}`
const token = (chainId: number, ledger: number) => erc20Asset({ chainId, address: TOKEN, code: 'USDC', scale: 6, ledger })
const [HOME, AWAY] = [token(1, 100), token(10, 101)]
const PAYER: Hex = `0x${'aa'.repeat(20)}`
const OPERATOR: Hex = `0x${'0e'.repeat(20)}`
const NONCE: Hex = `0x${'5e'.repeat(32)}`
const FX = 'fx:USDC/USDC'
const LIQUIDITY = 10_000n
const clock = { now: () => 1_800_000_000_000 }
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

async function open() {
  const journal = memoryJournal()
  const real = createBooks({ journal, clock })
  let meanwhile: (() => Promise<unknown>) | undefined
  const books: Books = {
    ...real,
    async submit(submission) {
      const first = meanwhile
      meanwhile = undefined
      await first?.()
      return real.submit(submission)
    },
  }
  const ids = uuidIds(clock)
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: OPERATOR })
  const assetOf = (id: string) => [HOME, AWAY, USD].find((a) => a.id === id)!
  const [intents, settlements, records] = [
    createIntentRecords(books, assetOf),
    createSettlementRecords(books, assetOf),
    createRequestRecords(books),
  ]
  const receipts = receiptSigner({ privateKeyPem: key, clock, ids })
  const requests = createPaidRequests({
    payeeOf: splits.payeeOf,
    books,
    records,
    find: async (key) => records.byClaim(key),
    factsAt: (seq) => factsAt(journal, seq),
    receipts,
    clock,
    ids,
    rates: configuredRates([], clock),
    exposure: { earnedLegs: () => [] },
    bookedWithinMs: 100,
  })
  const refused: string[] = []
  const refusing = (rail: string) => ({
    async collect(id: string) {
      refused.push(`${rail} ${id}`)
      return { kind: 'failed', reason: 'already_used' } as const
    },
    lookupCollection: async () => ({ kind: 'failed', reason: 'already_used' }) as const,
  })
  const collections = createCollections({ books, records, collectorOf: refusing, clock, ids, log: () => undefined })
  await books.start()
  const capital = [HOME, AWAY].map((asset) => move('rail:evm:1:wallet', FX, money(asset, LIQUIDITY)))
  await books.submit({ entry: { id: ids.entry(), payment: 'capital', legs: capital } })
  const { party } = await parties.create({ name: 'seller' })
  const seller: Payee = { kind: 'party', party: party.id, split: await splits.house(party.id) }
  const table = await splits.create({ payees: [{ party: party.id, account: PAYER, shares: 1n }], label: 'table' })
  const context = { intents, settlements, requests: records, parties, splits, receipts, clock, bookAsset: HOME }

  /** What the watcher of a rail does with one settlement. `meanwhile` is done between its decision and its commit. */
  async function book(s: Movement, between?: () => Promise<unknown>): Promise<string> {
    const entry = ids.entry()
    const { claims, facts, legs, payment } = bookingOf(s, entry, context)
    meanwhile = between
    return (await books.submit({ claims, facts, entry: { id: entry, payment, legs } })).kind
  }
  const balance = (path: string, asset: Asset) => {
    const b = books.balance(path, asset)
    return { is: b.creditsPosted - b.debitsPosted, held: b.debitsPending, coming: b.creditsPending }
  }
  /** Between the next decision and its commit. */
  const before = (done: () => Promise<unknown>) => {
    meanwhile = done
  }
  return {
    before,
    books,
    records,
    settlements,
    requests,
    collections,
    refused,
    seller,
    table,
    book,
    balance,
    party: accounts.party(party.id),
  }
}

let room: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  room = await open()
})

/** A request of 2,000 units that an authorization on one chain pays. */
function claimOn(asset: Asset, payee: Payee, o: { settleFirst?: boolean; units?: bigint } = {}) {
  const chainId = asset === HOME ? 1 : 10
  const value = o.units ?? 2_000n
  const authorization: Authorization = {
    kind: 'transfer',
    chainId,
    token: TOKEN,
    from: PAYER,
    to: OPERATOR,
    value,
    nonce: NONCE,
    signature: '0x',
    validAfter: 0n,
    validBefore: 2_000_000_000n,
  }
  return room.requests.claim({
    claimKey: `evm:${chainId}:${TOKEN}:${PAYER}:${NONCE}`,
    fingerprint: 'request',
    payer: PAYER,
    resource: '/joke',
    payee,
    price: money(USD, value),
    credit: money(HOME, value),
    settleFirst: o.settleFirst ?? false,
    funding: { rail: evmRail(chainId), authorization, got: money(asset, value) },
  })
}

function collected(rail: EvmRailName, asset: Asset, splitId: Hex): Movement {
  const about = { kind: 'received', place: 'receiver', reference: `auth:${PAYER}:${NONCE}`, splitId, payer: PAYER } as const
  return { ...about, id: '0x01:1', cursor: '1', rail, amount: money(asset, 2_000n), at: clock.now() }
}

describe('an authorization on another chain than that of balances', () => {
  test('is promised to a party in the asset of balances, out of the liquidity of the pair', async () => {
    expect((await claimOn(AWAY, room.seller)).kind).toBe('claimed')
    expect(room.balance(room.party, HOME)).toEqual({ is: 0n, held: 0n, coming: 2_000n })
    expect(room.balance(FX, HOME)).toEqual({ is: LIQUIDITY, held: 2_000n, coming: 0n })
    expect(room.balance(FX, AWAY)).toEqual({ is: LIQUIDITY, held: 0n, coming: 2_000n })
  })

  test('is credited when it is collected, and nothing stays held', async () => {
    await claimOn(AWAY, room.seller)
    expect(await room.book(collected('evm:10', AWAY, room.seller.split.splitId))).toBe('applied')
    expect(room.balance(room.party, HOME)).toEqual({ is: 2_000n, held: 0n, coming: 0n })
    expect(room.balance(room.party, AWAY).is).toBe(0n)
    expect(room.balance(FX, HOME)).toEqual({ is: LIQUIDITY - 2_000n, held: 0n, coming: 0n })
    expect(room.balance(FX, AWAY)).toEqual({ is: LIQUIDITY + 2_000n, held: 0n, coming: 0n })
    expect(room.balance('rail:evm:10:receiver', AWAY).is).toBe(-2_000n)
    expect(room.balance('transit:evm:10', AWAY).is).toBe(0n)
    expect(room.records.heldKeys()).toEqual([])
  })

  test('that cannot be collected there releases both holds', async () => {
    const { request } = await claimOn(AWAY, room.seller)
    expect(await room.collections.now(request.claimKey, 5_000)).toMatchObject({ kind: 'failed' })
    expect(room.refused).toEqual([`evm:10 ${request.receipt}`])
    for (const [path, asset] of [
      [room.party, HOME],
      [FX, HOME],
      [FX, AWAY],
    ] as const)
      expect(room.balance(path, asset)).toEqual({ is: path === FX ? LIQUIDITY : 0n, held: 0n, coming: 0n })
  })

  test('is let go whole when the work fails', async () => {
    const { request } = await claimOn(AWAY, room.seller)
    await room.requests.giveBack(request, 'handler_failed')
    expect([room.balance(room.party, HOME).coming, room.balance(FX, HOME).held, room.balance(FX, AWAY).coming]).toEqual([0n, 0n, 0n])
  })

  test('that was collected before work that failed is owed in the asset that the party was given', async () => {
    const { request } = await claimOn(AWAY, room.seller, { settleFirst: true })
    await room.book(collected('evm:10', AWAY, room.seller.split.splitId))
    await room.requests.giveBack(request, 'handler_failed')
    expect(room.balance(room.party, HOME).is).toBe(0n)
    expect(room.balance(accounts.surplus(request.receipt), HOME).is).toBe(2_000n)
  })

  test('that was collected before work that failed is owed also when the rail tells of it a moment after the work', async () => {
    const { request } = await claimOn(AWAY, room.seller, { settleFirst: true })
    await room.requests.started(request, undefined)
    const back = room.requests.giveBack(request, 'handler_failed')
    await room.book(collected('evm:10', AWAY, room.seller.split.splitId))
    await back
    expect([room.balance(room.party, HOME).is, room.balance(accounts.surplus(request.receipt), HOME).is]).toEqual([0n, 2_000n])
    expect(room.records.byClaim(request.claimKey)).toMatchObject({ unserved: 'back', collection: 'collected' })
  })

  describe('and is booked after work that failed for it', () => {
    const settled = () => collected('evm:10', AWAY, room.seller.split.splitId)
    const owed = (receipt: string) => [room.balance(room.party, HOME).is, room.balance(accounts.surplus(receipt), HOME).is]
    async function started() {
      const { request } = await claimOn(AWAY, room.seller, { settleFirst: true })
      await room.requests.started(request, undefined)
      return { request, failed: () => room.requests.giveBack(request, 'handler_failed') }
    }

    test('is owed from then on, and is an exception only until then', async () => {
      const { request, failed } = await started()
      await failed()
      expect(room.records.exceptions()).toMatchObject([{ id: request.receipt, what: expect.stringContaining('not booked yet') }])
      expect(await room.book(settled())).toBe('applied')
      expect([owed(request.receipt), room.records.exceptions()]).toEqual([[0n, 2_000n], []])
    })

    test('is owed when the work failed between the decision to book it and the commit', async () => {
      const { request, failed } = await started()
      expect(await room.book(settled(), failed)).toBe('conflict')
      expect(await room.book(settled())).toBe('applied')
      expect(owed(request.receipt)).toEqual([0n, 2_000n])
    })

    test('is given back once it is booked, and no run begins any more', async () => {
      const { request, failed } = await started()
      await failed()
      await room.book(settled())
      await expect(room.requests.started(request, undefined, 1)).rejects.toMatchObject({ code: 'request_in_progress' })
      expect(owed(request.receipt)).toEqual([0n, 2_000n])
    })

    test('is owed when it was booked between the decision that it stays and the commit', async () => {
      const { request, failed } = await started()
      room.before(() => room.book(settled()))
      await failed()
      expect([owed(request.receipt), room.records.exceptions()]).toEqual([[0n, 2_000n], []])
    })

    test('is its payee’s when the work began again between the decision and the commit', async () => {
      const { request, failed } = await started()
      await failed()
      expect(await room.book(settled(), () => room.requests.started(request, undefined, 1))).toBe('conflict')
      expect(await room.book(settled())).toBe('applied')
      expect(owed(request.receipt)).toEqual([2_000n, 0n])
    })
  })

  test('is refused, and nothing is taken, when the liquidity does not cover it', async () => {
    await expect(claimOn(AWAY, room.seller, { units: LIQUIDITY + 1n })).rejects.toMatchObject({ code: 'insufficient_liquidity' })
    expect(room.balance(FX, HOME)).toEqual({ is: LIQUIDITY, held: 0n, coming: 0n })
    expect(room.records.heldKeys()).toEqual([])
  })

  test('is not converted for a table: its pot on that chain is promised it', async () => {
    await claimOn(AWAY, { kind: 'split', split: room.table })
    expect(room.balance(accounts.pot(room.table.splitId), AWAY).coming).toBe(2_000n)
    expect(room.balance(FX, HOME).held).toBe(0n)
  })
})

test('one nonce on two chains pays two requests, each with the money of its own chain', async () => {
  const payee: Payee = { kind: 'split', split: room.table }
  const pot = accounts.pot(room.table.splitId)
  await claimOn(HOME, payee)
  await claimOn(AWAY, payee)
  await room.book(collected('evm:10', AWAY, room.table.splitId))
  expect([room.balance(pot, HOME), room.balance(pot, AWAY)]).toEqual([
    { is: 0n, held: 0n, coming: 2_000n },
    { is: 2_000n, held: 0n, coming: 0n },
  ])
  await room.book(collected('evm:1', HOME, room.table.splitId))
  expect(room.balance(pot, HOME)).toEqual({ is: 2_000n, held: 0n, coming: 0n })
})

test('each chain divides its own pot: what one hub received does not count on the other', async () => {
  const { splitId } = room.table
  const swept = (rail: EvmRailName, asset: Asset, id: string): Movement => ({
    kind: 'swept',
    place: 'receiver',
    splitId,
    id,
    cursor: id,
    rail,
    amount: money(asset, 2_000n),
    at: clock.now(),
  })
  for (const [rail, asset] of [
    ['evm:1', HOME],
    ['evm:10', AWAY],
  ] as const) {
    await claimOn(asset, { kind: 'split', split: room.table })
    await room.book(collected(rail, asset, splitId))
    await room.book(swept(rail, asset, '0x02:1'))
    expect(room.settlements.potReceived(rail, splitId)).toBe(2_000n)
    expect(room.balance(accounts.share(splitId, PAYER), asset).is).toBe(2_000n)
  }
})
