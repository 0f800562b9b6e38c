import { expect, onTestFinished } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import { authenticator } from '../../gateway/api/http/authenticate.ts'
import { createIdempotency } from '../../gateway/api/http/idempotency.ts'
import { payoutRoutes } from '../../gateway/api/routes/payouts.ts'
import { routingRoutes } from '../../gateway/api/routes/routing.ts'
import { suspenseRoutes } from '../../gateway/api/routes/suspense.ts'
import { openApprovals } from '../../gateway/approvals/openApprovals.ts'
import { createVerifier } from '../../gateway/audit/reconcile/verify.ts'
import { EUR, USD } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import { hashKey } from '../../gateway/parties/keys/secret.ts'
import type { Recaller } from '../../gateway/ports/recaller.ts'
import { openSuspense } from '../../gateway/suspense/openSuspense.ts'
import { openBankWings } from './bankWings.ts'

export const KEYS = { operator: 'sk_operator_0001', anna: 'sk_anna_00000002' }
export const WHY = { reason: 'the customer has written to us', evidence: { text: 'mail of 2026-11-20' } }
export const ITEM = 'bank:received:B1/CRDT/10000000'

type Asked = Readonly<{ key?: string; as?: keyof typeof KEYS; bearer?: string }>

/** The bank told of 10 euros that nobody knows; two operators, and a limit of 50 USD above which the second must agree. */
export async function openSuspenseWorld(recallers: readonly Recaller[] = []) {
  const w = await openBankWings(
    ({ ground, ledger, parties, payins, payouts, netting, batches, recalls }) => {
      const parts = {
        ...ledger,
        ...payins,
        payouts,
        parties: parties.parties,
        aloneMax: parseAmount('50', USD),
        log: { warn: () => undefined, error: () => undefined },
      }
      const suspense = openSuspense(ground, { ...parts, onFatal: (error) => expect(error).toBeUndefined() })
      const operators = Object.entries(KEYS).map(([name, key]) => ({ name, keyHash: hashKey(key), role: 'admin' as const }))
      const callers = {
        ...authenticator({ operators, ...parties }),
        idempotent: createIdempotency({ books: ledger.books, clock: ground.clock, ids: ground.ids, factsAt: ledger.factsAt }),
        publicUrl: undefined,
      }
      const operations = { network: 'local' as const, lightning: undefined, rails: () => [], problems: () => [] }
      const routes = suspenseRoutes({
        callers,
        suspense,
        ground,
        payins,
        exchanges: { exceptions: () => [] },
        operations,
        wallets: undefined as never,
      })
      const nobody = { payouts, payoutsUsdMax: undefined, waitMs: 60_000, operatorKeys: false }
      const paying = payoutRoutes({
        audit: undefined as never,
        approvals: openApprovals(ground, { ...nobody, books: ledger.books }),
        callers,
        ledger: { books: ledger.books } as never,
        suspense,
        ground,
        exchanges: undefined as never,
        parties,
        payouts: { payouts, netting, batches, recalls } as never,
        wallets: { addresses: { success: () => undefined } } as never,
      })
      const routed = { ...operations, rails: () => [{ rail: 'bank' as const, open: true, since: 0 }] }
      const routing = routingRoutes({
        callers,
        ground,
        operations: routed,
        parties,
        payouts: { payouts, netting } as never,
        wallets: undefined as never,
      })
      const { verify } = createVerifier({
        journal: { run: () => ledger.books.verify(), progress: () => undefined },
        books: ledger.books,
        statements: [],
        chains: [],
        tables: () => [],
        inFlight: () => [],
        waiting: () => payins.settlements.unmatched(),
        reserved: () => [],
        now: () => ground.clock.now(),
      })
      return { suspense, routes, paying, routing, verify }
    },
    { senders: [], receivers: [], holds: [], recallers },
  )
  const { suspense, routes, paying, routing, verify } = w.above
  suspense.start()
  const app = newApp({ publicUrl: 'http://localhost' })
  await app.register(routes)
  await app.register(paying)
  await app.register(routing)
  onTestFinished(async () => {
    await app.close()
    await suspense.close()
  })
  w.stream.tell({ id: 'B1/CRDT/10000000', amount: money(EUR, 10_000_000n), reference: 'unknown', payer: 'Customer 1' })
  await expect.poll(() => w.payins.settlements.unmatched().length).toBe(1)
  let calls = 0
  const post = (path: string, payload: object, o: Asked = {}) => postTo(`/v1/suspense/${path}`, payload, o)
  async function postTo(url: string, payload: object, o: Asked = {}) {
    const headers = { authorization: `Bearer ${o.bearer ?? KEYS[o.as ?? 'operator']}`, 'idempotency-key': o.key ?? `test-key-${++calls}` }
    const answer = await app.inject({ method: 'POST', url, headers, payload })
    return { status: answer.statusCode, body: answer.json() }
  }
  /** The payout of a refund is made after its entry is durable, and once. */
  async function ended(payout: string) {
    await expect.poll(() => w.payouts.list({ limit: 100 }).map(({ id }) => id)).toContain(payout)
    return w.payouts.wait(payout, { timeoutMs: 20_000 })
  }
  const list = async () => (await app.inject({ url: '/v1/suspense', headers: { authorization: `Bearer ${KEYS.operator}` } })).json()
  /** The items add up to the account, and the sums are right. */
  async function whole(): Promise<void> {
    const { ok, suspense: rows } = await verify()
    expect([ok, rows.map(({ account }) => account)]).toEqual([true, ['suspense:bank']])
    const left = w.payins.settlements.unmatched().reduce((sum, { amount }) => sum + amount.units, 0n)
    expect(w.has('suspense:bank')).toBe(left)
  }
  return { ...w, app, suspense, post, postTo, list, ended, whole }
}
