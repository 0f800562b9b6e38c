import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { LedgerFace } from '../../ledger/openLedger.ts'
import { allocate } from '../../money/allocate.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { PayeeShare, Split } from '../../parties/party/splits.ts'
import type { ChainRail } from '../../payins/openPayins.ts'
import type { Hex, PartyId } from '../../ports/ids.ts'
import type { Outcome } from '../../ports/outcome.ts'
import { type EvmRailName, railKind } from '../../ports/railName.ts'
import type { Receiver } from '../../ports/receiver.ts'
import { findOwn, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { isPayee, splitView } from '../http/views.ts'
import { byId, createSplit, onChain } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { byMetadata, listQuery } from '../lists/listQuery.ts'

const splitsQuery = listQuery(byMetadata)

/** Share tables, what they hold on each chain, and moving it: sweep a receiver into the hub, claim a payee's share out of it. */
export function splitRoutes(faces: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'payins'>): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addSweep(app, faces)
    addClaim(app, faces)
  }
}

function addCreation(app: RouteApp, { callers, parties }: Pick<Faces, 'callers' | 'parties'>): void {
  app.post(
    '/v1/splits',
    { schema: { body: createSplit, tags: ['splits'], summary: 'Commit a table of payees and shares' } },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      requireOperator(caller)
      return callers.idempotent(request, reply, caller, async (record) => {
        const payees = request.body.payees.map((p) => {
          parties.parties.get(p.party)
          // Matched by the patterns of the schema.
          return { party: p.party as PartyId, account: p.account as Hex | undefined, shares: BigInt(p.shares) }
        })
        const { label, metadata } = request.body
        await parties.splits.create({ payees, label, metadata, along: (split) => record(201, splitView(split)) })
      })
    },
  )
}

function addReading(app: RouteApp, faces: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'payins'>): void {
  const { callers, ledger, parties, payins } = faces
  const listed = { querystring: splitsQuery, tags: ['splits'], summary: 'Newest first; a party sees those that pay it' }
  app.get('/v1/splits', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const show = (id: string) => splitView(parties.splits.get(id))
    return answerList(faces, { caller, list: 'splits', query: request.query, reply, show })
  })
  app.get(
    '/v1/splits/:id',
    { schema: { params: byId, tags: ['splits'], summary: 'A split with what each payee is owed on each chain' } },
    async (request) => {
      const caller = callers.authenticate(request)
      const split = findOwn(caller, () => parties.splits.get(request.params.id), isPayee)
      // Every payee knows the table that it agreed to; what another has earned by it is the other's.
      const shown = split.payees.filter((p) => caller.kind === 'operator' || p.party === caller.party.id)
      return {
        ...splitView(split),
        rails: railsOf(split, { receivers: payins.receivers, payable: parties.splits.isPayableOnChain(split) }),
        chains: payins.chains.map((chain) => ({
          ...heldOn(ledger, split, { rail: chain.rail, asset: chain.asset, shown }),
          to_books: toBooks(split, payins.shareClaims.stateOf(chain.rail, split.splitId)),
        })),
      }
    },
  )
}

function addSweep(app: RouteApp, { callers, ground, parties, payins }: Pick<Faces, 'callers' | 'ground' | 'parties' | 'payins'>): void {
  app.post(
    '/v1/splits/:id/sweep',
    { schema: { params: byId, querystring: onChain, tags: ['splits'], summary: 'Move what its receivers hold into the hub' } },
    async (request, reply) => {
      requireOperator(callers.authenticate(request))
      const split = parties.splits.get(request.params.id)
      const chains = chosen(payins.chains, request.query.rail)
      const { status, body } = await onEach(chains, (chain) => chain.sweep(ground.ids.attempt(), split.splitId))
      return reply.code(status).send({ split: split.key, ...body })
    },
  )
}

function addClaim(app: RouteApp, { callers, ground, parties, payins }: Pick<Faces, 'callers' | 'ground' | 'parties' | 'payins'>): void {
  app.post(
    '/v1/splits/:id/claims/:account',
    { schema: { querystring: onChain, tags: ['splits'], summary: 'Pay a payee its share out of the hub; the gateway pays the gas' } },
    async (request, reply) => {
      requireOperator(callers.authenticate(request))
      const { id, account } = request.params as { id: string; account: string }
      const split = parties.splits.get(id)
      const index = split.leaves.findIndex((p) => p.account.toLowerCase() === account.toLowerCase())
      if (index < 0) throw new GatewayError('not_found', `Split ${split.key} has no payee ${account.slice(0, 60)}`)
      const share = split.tree.share(index)
      const chains = chosen(payins.chains, request.query.rail)
      const { status, body } = await onEach(chains, (chain) => chain.claim(ground.ids.attempt(), share))
      return reply.code(status).send({ split: split.key, account, ...body })
    },
  )
}

/** What the books say that a split holds on a chain, and what of it these payees have. */
function heldOn(
  { books }: Pick<LedgerFace, 'books'>,
  split: Split,
  { rail, asset, shown }: Pick<ChainRail, 'rail' | 'asset'> & Readonly<{ shown: readonly PayeeShare[] }>,
) {
  const credit = (path: string) => {
    const b = books.balance(path, asset)
    return money(asset, b.creditsPosted - b.debitsPosted)
  }
  const owed = (path: string) => formatAmount(credit(path))
  /** A row of its own, or what a claim would give of the one that payees in the books have together. */
  const shareOf = (payee: PayeeShare) => {
    const rows = split.payees.filter((row) => row.account === payee.account)
    const whole = credit(accounts.share(split.splitId, payee.account))
    const parts = allocate(
      whole.units,
      rows.map((row) => row.shares),
    )
    return money(asset, parts[rows.indexOf(payee)]!)
  }
  const entitlements = shown.map((p) => ({ party: p.party, account: p.account, amount: formatAmount(shareOf(p)) }))
  return { rail, asset: asset.id, undivided: owed(accounts.pot(split.splitId)), dust: owed(accounts.dust(split.splitId)), entitlements }
}

/** How what a chain owes to payees in the books comes to their balances; null where the table has none. */
function toBooks({ payees }: Split, { state, since }: ReturnType<Faces['payins']['shareClaims']['stateOf']>) {
  if (payees.every((row) => !row.inBooks)) return null
  return { state, since: since === undefined ? null : new Date(since).toISOString() }
}

/** By which rails the split can be paid, who divides it there, and why so. */
function railsOf(split: Split, { receivers, payable }: Readonly<{ receivers: readonly Pick<Receiver, 'rail'>[]; payable: boolean }>) {
  const inBooks = split.payees.filter((row) => row.inBooks).length
  const names = new Set(receivers.map(({ rail }) => rail))
  return [...names, 'book' as const].map((rail) => {
    if (railKind(rail) !== 'evm')
      return { rail, taken: true, divided_by: 'books' as const, why: 'The books divide each payment when it comes.' }
    return { rail, taken: payable, divided_by: 'contract' as const, why: payable ? whyOnChain(split.payees.length, inBooks) : FOREIGN }
  })
}

const FOREIGN =
  'The account that the contract would pay for its payees in the books is not the gateway’s any more. Register the table anew.'

function whyOnChain(payees: number, inBooks: number): string {
  if (inBooks === 0) return 'The contract pays each payee its share.'
  const books = 'the gateway’s account for the payees in the books, who are owed it there.'
  return inBooks === payees ? `The contract pays ${books}` : `The contract pays each payee that has an account its share, and ${books}`
}

/** The chain that was named, or all. Refuses with `rail_unavailable`. */
function chosen(all: readonly ChainRail[], choice: EvmRailName | undefined): readonly ChainRail[] {
  const chains = all.filter((c) => choice === undefined || c.rail === choice)
  if (chains.length === 0) throw new GatewayError('rail_unavailable', `${choice ?? 'evm'} is not configured`)
  return chains
}

/** Does it on each of these chains; the whole is settled when each is. */
async function onEach(chains: readonly ChainRail[], work: (chain: ChainRail) => Promise<Outcome>) {
  const done = await Promise.all(chains.map(async (chain) => outcomeView(chain.rail, await work(chain))))
  const outcome = (['unknown', 'failed'] as const).find((kind) => done.some((d) => d.outcome === kind)) ?? 'settled'
  return { status: outcome === 'settled' ? 200 : 202, body: { outcome, chains: done } }
}

function outcomeView(rail: EvmRailName, outcome: Outcome) {
  return {
    rail,
    outcome: outcome.kind,
    ...(outcome.kind === 'settled' ? { evidence: outcome.evidence.id } : {}),
    ...(outcome.kind === 'failed' ? { reason: outcome.reason } : {}),
  }
}
