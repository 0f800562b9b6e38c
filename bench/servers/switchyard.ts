// Ours: a priced route as `app/openGateway.ts` would serve it, on a durable journal, with three payees. Verification, claims, holds, receipts and
// answers are real; settlement is stubbed as on the reference side. `--booked` adds what the reference has no equal of: arrivals are booked. `--guarded`
// puts the admission before it, with rates for a load that comes from one address. `--remote`: the route is an app's of its own, whose seller asks the gateway
// over HTTP; both run in this process, so that its CPU is that of both. `--proxy`: the same, and the app is a service behind our proxy. `--pass-uses` and
// `--pass-time`: the route sells a pass by L402 too, and `/settled/HASH` pays its invoice on a node that is none.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { openProxy } from '../../app/proxy/openProxy.ts'
import { newApp } from '../../gateway/api/app.ts'
import { addAdmission } from '../../gateway/api/http/admit.ts'
import { authenticator, type CallersOfKeys } from '../../gateway/api/http/authenticate.ts'
import type { PaidFaces } from '../../gateway/api/paid/paidFaces.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { admissionRoutes } from '../../gateway/api/routes/admissions.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { type GuardFace, LIMITS, LIMITS_ON_ONE_MACHINE, openGuard } from '../../gateway/guard/openGuard.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { BTC, erc20Asset, USD } from '../../gateway/money/asset.ts'
import { hashKey } from '../../gateway/parties/keys/secret.ts'
import { openParties } from '../../gateway/parties/openParties.ts'
import { challengeKeys } from '../../gateway/payins/challenge/challengeKeys.ts'
import { createAdmission } from '../../gateway/payins/claim/admission.ts'
import { answerIn } from '../../gateway/payins/claim/answerIn.ts'
import { createCollections } from '../../gateway/payins/claim/collections.ts'
import { createFindRequest } from '../../gateway/payins/claim/findRequest.ts'
import { createPaidRequests } from '../../gateway/payins/claim/paidRequests.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createRunningClaims } from '../../gateway/payins/claim/runningClaims.ts'
import { createExposure } from '../../gateway/payins/exposure/exposure.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { offerMaker } from '../../gateway/payins/offer/makeOffers.ts'
import { createPasses } from '../../gateway/payins/pass/passes.ts'
import { createPassRecords } from '../../gateway/payins/pass/passRecords.ts'
import { createSettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../../gateway/payins/settlement/watch.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { countedLightning } from '../../test/paidRoute/countedRails.ts'
import { appendTimes } from './appendTimes.ts'
import { stubbedRail } from './stubbedRail.ts'
import { underBench } from './underBench.ts'

const CHAIN_ID = 31337
const TOKEN: Hex = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const PAY_TO: Hex = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const USDC = erc20Asset({ chainId: CHAIN_ID, address: TOKEN, code: 'USDC', scale: 6, ledger: 100 })
const OPERATOR_KEY = 'sk_operator_of_the_bench'
const SHARES = [700n, 200n, 100n] as const
const BALANCE_UNITS = 1_000_000_000_000n
/** The invoice of so many uses is for more money than exists, so it has a price of its own. */
const PASS = process.argv.includes('--pass-uses')
  ? { uses: 1_000_000, price: usd('100') }
  : process.argv.includes('--pass-time')
    ? { forMs: 3_600_000 }
    : undefined
const node = countedLightning()

const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
const clock = { now: () => Date.now() }
const { timed, appended } = appendTimes()
const ids = uuidIds(clock)

/** No pass ends here. */
const headOf = async () => undefined

/** Nothing is measured of what is refused. */
const EXPOSURE = {
  newPayersUnits: BALANCE_UNITS,
  agentUnits: 0n,
  payerUnits: BALANCE_UNITS,
  routeUnits: BALANCE_UNITS,
  gatewayUnits: BALANCE_UNITS,
}

/** The rooms behind a priced route, wired as in `app/openGateway.ts`. */
async function openRooms(): Promise<PaidFaces & Readonly<{ guard: GuardFace; callers: CallersOfKeys; close: () => Promise<void> }>> {
  const journal = timed(openSqliteJournal(join(folder, 'journal.db')))
  const books = createBooks({ journal, clock })
  const people = openParties({ clock, ids, usd: USD }, { books, operator: PAY_TO, topUpReference: undefined })
  const { parties, keys, splits } = people
  const assetOf = (id: string) => [USDC, BTC].find((asset) => asset.id === id) ?? USD
  const [intents, settlements] = [createIntentRecords(books, assetOf), createSettlementRecords(books, assetOf)]
  const requestRecords = createRequestRecords(books)
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const receipts = receiptSigner({ privateKeyPem, clock, ids })
  const rail = stubbedRail({ chainId: CHAIN_ID, token: TOKEN, payTo: PAY_TO, asset: USDC, reports: process.argv.includes('--booked') })
  const rates = configuredRates(
    [USDC, BTC].map((asset) => ({ asset, usd: asset === BTC ? '100000' : '1' })),
    clock,
  )
  const log = (line: string) => console.error(line)
  const ground = { clock, ids, usd: USD, bookAsset: USDC, rates, assets: [USDC, BTC, USD], assetOf }
  const receivers = PASS ? [rail, node] : [rail]
  const sold = { ground, books, splits, receipts, headOf, settlements, readInvoice: readBolt11, log }
  const passes = createPasses({ ...sold, records: createPassRecords(books) })
  // Nothing here asks for a request that has left memory.
  const known = { books, records: requestRecords, factsAt: (seq: number) => factsAt(journal, seq) }
  const findRequest = createFindRequest({ ...known, factsOf: async () => [] })
  const exposure = createExposure({ books, clock, ids, usd: USD, limits: EXPOSURE })
  const requests = createPaidRequests({ ...known, find: findRequest, payeeOf: splits.payeeOf, receipts, rates, exposure, clock, ids })
  const collections = createCollections({ books, records: requestRecords, collectorOf: () => rail, clock, ids, log })
  await books.start()
  const { settledLegs } = exposure
  const context = { intents, settlements, requests: requestRecords, parties, splits, receipts, clock, bookAsset: USDC, settledLegs }
  const watching = watchSettlements({ books, context, receivers, ids, factsAt: known.factsAt, capitalOf: async () => undefined, log })
  const answerOf = async (seq: number, receipt: string) => answerIn(await known.factsAt(seq), receipt)
  return {
    guard: openGuard({ clock }, { limits: { ...LIMITS_ON_ONE_MACHINE, lateMs: LIMITS.lateMs }, onRefused: () => {} }),
    ground,
    ledger: { books },
    parties: people,
    payins: {
      receivers,
      chains: [rail],
      makeOffers: offerMaker({ receivers, rates, clock, bookAsset: USDC }),
      settlements,
      findRequest,
      passes,
      challengeKeys: challengeKeys({ current: Buffer.from('worth nothing anywhere, 32 bytes') }),
      signJws: receipts.jws,
      admission: createAdmission({
        requests,
        requestRecords,
        findRequest,
        collections,
        answerOf,
        running: createRunningClaims(),
        exposure,
        spendingOf: () => rail,
        clock,
      }),
    },
    callers: {
      ...authenticator({ operators: [{ name: 'operator', keyHash: hashKey(OPERATOR_KEY), role: 'admin' as const }], parties, keys }),
      publicUrl: undefined,
    },
    async close() {
      collections.close()
      await watching.close()
      await books.close()
    },
  }
}

/** A table of three payees, and a customer with a balance. */
async function populate({ ledger: { books }, parties: { parties, splits } }: PaidFaces) {
  const payees = []
  for (const [i, shares] of SHARES.entries()) {
    const { party } = await parties.create({ name: `payee ${i}` })
    const account: Hex = `0x${(i + 1).toString(16).padStart(40, '0')}`
    payees.push({ party: party.id, account, shares })
  }
  const split = await splits.create({ payees, label: 'bench' })
  const { party, apiKey } = await parties.create({ name: 'customer' })
  const funding = { debit: accounts.capital('operator'), credit: accounts.party(party.id), asset: USDC, units: BALANCE_UNITS }
  const liquidity = { ...funding, credit: accounts.fx(BTC, USDC) }
  const legs = [funding, liquidity].map((move) => ({ kind: 'move' as const, ...move }))
  await books.submit({ entry: { id: ids.entry(), payment: 'funding', legs } })
  return { split, apiKey, customer: accounts.party(party.id) }
}

const rooms = await openRooms()
const { split, apiKey, customer } = await populate(rooms)
const gateway = newApp()
if (process.argv.includes('--guarded')) addAdmission(gateway, rooms)

/** The app with the priced route: the gateway's own, or one elsewhere. */
async function openShop(): Promise<FastifyInstance> {
  if (!process.argv.includes('--remote')) {
    const publicUrl = () => `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}` // It listens before the first request.
    paidRoutes(gateway, rooms, { publicUrl })
    return gateway
  }
  await gateway.register(admissionRoutes(rooms))
  const seller = createSeller({ gateway: await gateway.listen({ host: '127.0.0.1', port: 0 }), key: OPERATOR_KEY })
  const shop = Fastify()
  await shop.register(seller.fastify)
  return shop
}

const app = process.argv.includes('--proxy') ? Fastify() : await openShop()
const config = { price: usd('0.002'), split: split.key, description: 'a paid answer', ...(PASS && { pass: PASS }) }
app.get('/paid', { config }, async () => ({ ok: true }))
app.get<{ Params: { hash: string } }>('/settled/:hash', async ({ params }) => ({ preimage: node.pay(params.hash) }))
app.get('/taken', async () => ({ units: `${rooms.ledger.books.balance(customer, USDC).debitsPosted}` }))
await app.ready()

/** What stands before the app, and asks the gateway over HTTP. */
async function openOwnProxy(): Promise<Server> {
  await gateway.register(admissionRoutes(rooms))
  const prices = join(folder, 'prices.json')
  writeFileSync(prices, JSON.stringify({ routes: [{ path: '/paid', price: '0.002', split: split.key }] }))
  const upstream = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const address = await gateway.listen({ host: '127.0.0.1', port: 0 })
  return openProxy({ upstream, prices, gateway: address, key: OPERATOR_KEY, log: (line) => console.error(line) }).server
}

underBench(process.argv.includes('--proxy') ? await openOwnProxy() : app.server, {
  hello: { apiKey },
  appends: appended,
  async close() {
    if (app !== gateway) await gateway.close()
    if (process.argv.includes('--proxy')) await app.close()
    await rooms.close()
    rmSync(folder, { recursive: true })
  },
})
