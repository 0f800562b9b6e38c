import { generateKeyPairSync } from 'node:crypto'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import type { Screening } from '../../gateway/guard/screening/screening.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { createDistributedBooks } from '../../gateway/ledger/distributed/createDistributedBooks.ts'
import { factsAt } from '../../gateway/ledger/journal/factsAt.ts'
import { erc20Asset, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { createParties } from '../../gateway/parties/party/parties.ts'
import { createSplits, type Payee } from '../../gateway/parties/party/splits.ts'
import { type Admitted, createAdmission, type Payment } from '../../gateway/payins/claim/admission.ts'
import { createCollections } from '../../gateway/payins/claim/collections.ts'
import type { PaidRequest } from '../../gateway/payins/claim/paidRequest.ts'
import { createPaidRequests } from '../../gateway/payins/claim/paidRequests.ts'
import { recoverRequests } from '../../gateway/payins/claim/recover.ts'
import { createRequestRecords } from '../../gateway/payins/claim/requestRecords.ts'
import { createRunningClaims } from '../../gateway/payins/claim/runningClaims.ts'
import { createExposure } from '../../gateway/payins/exposure/exposure.ts'
import { type ExposureLimits, exposureLimits } from '../../gateway/payins/exposure/limits.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { createSettlementRecords } from '../../gateway/payins/settlement/settlementRecords.ts'
import { watchSettlements } from '../../gateway/payins/settlement/watch.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import type { Authorization } from '../../gateway/ports/receiver.ts'
import { machineEngine } from '../tigerbeetle/machineEngine.ts'
import { type PursesChain, pursesChain } from './pursesChain.ts'

const TOKEN: Hex = `0x${'c0'.repeat(20)}`
const OPERATOR: Hex = `0x${'0e'.repeat(20)}`
export const USDC = erc20Asset({ chainId: 1, address: TOKEN, code: 'USDC', scale: 6, ledger: 100 })
const RAIL = 'evm:1'
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** What a payer asks for: `units` of USDC, at that many millionths of a dollar. */
type Asked = Readonly<{
  payer: Hex
  units: bigint
  agent?: string
  route?: string
  nonce?: Hex
  lifeS?: number
  kind?: 'transfer' | 'permit2'
  /** Its account's code has taken the signature. */
  byCode?: true
}>

export type CreditWorld = Awaited<ReturnType<typeof openCreditWorld>>

export function addressOf(n: number): Hex {
  return `0x${n.toString(16).padStart(40, '0')}`
}

/**
 * Paid requests by authorizations on a chain of purses, over these blocks as a start finds them. No signatures: whoever admits has checked them.
 * `engine`: the books are kept in an engine beside the journal.
 */
export async function openCreditWorld(
  o: { limits?: Partial<ExposureLimits>; blocks?: Block[]; chain?: PursesChain; engine?: boolean; screening?: Screening } = {},
) {
  let passedMs = 0
  const clock = { now: () => 1_800_000_000_000 + passedMs }
  const ids = uuidIds(clock)
  const blocks = o.blocks ?? []
  const journal = memoryJournal(blocks)
  const books = o.engine ? createDistributedBooks({ journal, clock, engine: machineEngine(clock) }) : createBooks({ journal, clock })
  const chain = o.chain ?? pursesChain(RAIL, USDC)
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: OPERATOR })
  const assetOf = (id: string) => (id === USDC.id ? USDC : USD)
  const [intents, settlements] = [createIntentRecords(books, assetOf), createSettlementRecords(books, assetOf)]
  const requestRecords = createRequestRecords(books)
  const receipts = receiptSigner({ privateKeyPem, clock, ids })
  const findRequest = async (key: string) => requestRecords.byClaim(key)
  const at = (seq: number) => factsAt(journal, seq)
  const exposure = createExposure({ books, clock, ids, usd: USD, limits: { ...exposureLimits, ...o.limits } })
  const rates = configuredRates([], clock)
  const read = { find: findRequest, factsAt: at }
  const requests = createPaidRequests({
    books,
    records: requestRecords,
    receipts,
    clock,
    ids,
    rates,
    exposure,
    payeeOf: splits.payeeOf,
    ...read,
  })
  const log = () => {}
  const collections = createCollections({ books, records: requestRecords, collectorOf: () => chain, clock, ids, log })
  const { settledLegs } = exposure
  await books.start()
  const context = { intents, settlements, requests: requestRecords, parties, splits, receipts, clock, bookAsset: USDC, settledLegs }
  const watching = watchSettlements({ books, context, receivers: [chain], ids, factsAt: at, capitalOf: async () => undefined, log })
  const running = createRunningClaims()
  const rooms = { requests, requestRecords, findRequest, collections, running, exposure }
  const admission = createAdmission({ ...rooms, answerOf: async () => undefined, spendingOf: () => chain, screening: o.screening, clock })
  const { party } = await parties.create({ name: 'seller' })
  const payee: Payee = { kind: 'party', party: party.id, split: await splits.house(party.id) }
  await recoverRequests({ records: requestRecords, requests, collections })

  /** Its work may run, or why not. */
  async function admit(asked: Asked): Promise<Admitted | Readonly<{ kind: 'refused'; code: string }>> {
    try {
      const { resource, route } = { resource: '/joke', route: asked.route ?? '/joke' }
      return await admission.admit(paymentOf(asked, clock.now()), { resource, route, payee })
    } catch (error) {
      return { kind: 'refused', code: (error as { code: string }).code }
    }
  }

  const finish = (request: PaidRequest, status: number) => admission.finish(request, { status, contentType: 'text/plain', body: '' })

  return {
    blocks,
    books,
    ids,
    chain,
    collections,
    requestRecords,
    payee,
    admit,
    finish,
    /** Whether it was served, and if so before its money came. */
    async serve(asked: Asked, status = 200): Promise<'deferred' | 'paid first' | string> {
      const admitted = await admit(asked)
      if (admitted.kind === 'refused') return admitted.code
      await finish(admitted.request, status)
      return admitted.request.settleFirst ? 'paid first' : 'deferred'
    },
    /** Until nothing is collected any more and all that came is booked. */
    async settled(): Promise<void> {
      while (requestRecords.heldKeys().some((key) => requestRecords.byClaim(key)?.state === 'answered')) await turn()
    },
    has(path: string) {
      const { creditsPosted, debitsPosted, debitsPending } = books.balance(path, USD)
      return { is: creditsPosted - debitsPosted, held: debitsPending }
    },
    pass(ms: number): void {
      passedMs += ms
    },
    async close(): Promise<void> {
      collections.close()
      await watching.close()
      await books.close()
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2))
}

let nonces = 0

function paymentOf({ payer, units, agent, nonce, lifeS = 300, kind = 'transfer', byCode }: Asked, now: number): Payment {
  const authorization: Authorization = {
    kind,
    chainId: 1,
    token: TOKEN,
    from: payer,
    to: OPERATOR,
    value: units,
    validAfter: 0n,
    validBefore: BigInt(now / 1_000 + lifeS), // not money: a time
    nonce: nonce ?? `0x${(++nonces).toString(16).padStart(64, '0')}`,
    signature: '0x',
  }
  const got = money(USDC, units)
  const price = money(USD, units)
  const claimKey = `evm:1:${TOKEN}:${payer}:${authorization.nonce}`
  const common = { kind: 'authorization', rail: RAIL, scheme: 'x402', claimKey, amount: got, price, payer, authorization } as const
  const proof = byCode ? { ...common, byCode } : common
  const funding = async () => ({ rail: RAIL, authorization, got }) as const
  return {
    claimKey,
    standing: undefined,
    keyed: false,
    fingerprint: claimKey,
    payer,
    price,
    credit: got,
    proof,
    funding,
    ...(agent === undefined ? {} : { agent }),
  }
}
