// A facilitator over HTTP: ours, on a durable journal, or with `--reference` the one of @x402/evm behind Fastify. On both sides verification is real, the
// chain's answers come from this process, and settlement is stubbed: what is compared is the work of a call and not a chain. What ours does on top is real: a
// key, quotas, a durable claim with the seller's fee on hold, and its end.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { newApp } from '../../gateway/api/app.ts'
import { authenticator } from '../../gateway/api/http/authenticate.ts'
import { facilitatorRoutes } from '../../gateway/api/routes/facilitator.ts'
import type { FacilitatorChain } from '../../gateway/facilitator/chain.ts'
import { facilitatorLimits } from '../../gateway/facilitator/limits.ts'
import { openFacilitator } from '../../gateway/facilitator/openFacilitator.ts'
import { LIMITS_ON_ONE_MACHINE, openGuard } from '../../gateway/guard/openGuard.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { ETH, erc20Asset, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { createKeys } from '../../gateway/parties/keys/keys.ts'
import { createParties, firstKeyOf } from '../../gateway/parties/party/parties.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { referenceFacilitator } from './referenceFacilitator.ts'
import { stubbedRail } from './stubbedRail.ts'
import { underBench } from './underBench.ts'

const CHAIN_ID = 31337
const TOKEN: Hex = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const OPERATOR: Hex = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const USDC = erc20Asset({ chainId: CHAIN_ID, address: TOKEN, code: 'USDC', scale: 6, ledger: 100 })
const BALANCE_UNITS = 1_000_000_000_000n
const TRANSACTION: Hex = `0x${'00'.repeat(32)}`

/** Every authorization is taken at once, and nothing is sent. */
function stubbedChain(): FacilitatorChain {
  const rail = stubbedRail({ chainId: CHAIN_ID, token: TOKEN, payTo: OPERATOR, asset: USDC, reports: false })
  return {
    ...rail,
    asset: USDC,
    place: { chainId: CHAIN_ID, hub: OPERATOR, token: TOKEN, tokenName: 'USD Coin', tokenVersion: '2', closer: OPERATOR },
    signers: [OPERATOR],
    tryAuthorization: async () => undefined,
    sightOf: async () => ({ transaction: TRANSACTION, mined: true }),
    cost: () => money(ETH, 0n),
  }
}

async function ours() {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  const clock = { now: () => Date.now() }
  const ids = uuidIds(clock)
  const books = createBooks({ journal: openSqliteJournal(join(folder, 'journal.db')), clock })
  const parties = createParties({ books, clock, ids })
  const keys = createKeys({ books, clock, ids, firstKeyOf })
  const rates = configuredRates(
    [USDC, ETH].map((asset) => ({ asset, usd: '1' })),
    clock,
  )
  const assets = [USDC, ETH, USD]
  const ground = { clock, ids, rates, usd: USD, bookAsset: USDC, assets, assetOf: (id: string) => assets.find((asset) => asset.id === id)! }
  const limits = { ...facilitatorLimits, perDay: 10_000_000 }
  const { codeQuestion } = openGuard(ground, { limits: LIMITS_ON_ONE_MACHINE, onRefused: () => undefined })
  const facilitator = openFacilitator(ground, { books, chains: [stubbedChain()], limits, codeQuestion, log: (line) => console.error(line) })
  await books.start()
  const { party, apiKey } = await parties.create({ name: 'seller' })
  const funding = { debit: accounts.capital('operator'), credit: accounts.party(party.id), asset: USDC, units: BALANCE_UNITS }
  await books.submit({ entry: { id: ids.entry(), payment: 'funding', legs: [{ kind: 'move', ...funding }] } })
  const app = newApp()
  const idempotent = async () => Promise.reject(new Error('nothing of this bench is idempotent by a key'))
  await app.register(
    facilitatorRoutes({ callers: { ...authenticator({ operators: [], parties, keys }), idempotent, publicUrl: undefined }, facilitator }),
  )
  const close = async () => {
    facilitator.close()
    await books.close()
    rmSync(folder, { recursive: true })
  }
  return { app, apiKey, close }
}

function reference() {
  const network = `eip155:${CHAIN_ID}` as const
  const facilitator = referenceFacilitator({ network, token: TOKEN, address: OPERATOR })
  const app: FastifyInstance = Fastify()
  type Body = Readonly<{
    paymentPayload: Parameters<typeof facilitator.verify>[0]
    paymentRequirements: Parameters<typeof facilitator.verify>[1]
  }>
  const verified = ({ paymentPayload, paymentRequirements }: Body) => facilitator.verify(paymentPayload, paymentRequirements)
  app.post<{ Body: Body }>('/x402/verify', async ({ body }) => verified(body))
  app.post<{ Body: Body }>('/x402/settle', async ({ body }, reply) => {
    // It verifies again before it sends, as its own settle does.
    const { isValid } = await verified(body)
    return isValid
      ? { success: true, transaction: TRANSACTION, network }
      : reply.code(400).send({ success: false, transaction: '', network })
  })
  return { app, apiKey: 'none', close: async () => undefined }
}

const { app, apiKey, close } = process.argv.includes('--reference') ? reference() : await ours()
await app.ready()
underBench(app.server, { hello: { apiKey, token: TOKEN, network: `eip155:${CHAIN_ID}` }, close })
