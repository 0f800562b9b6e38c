import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { camt053 } from '../../audit/statements/camt053.ts'
import { fiatBalance } from '../../audit/statements/fiatFile.ts'
import { mt940 } from '../../audit/statements/mt940.ts'
import { type Period, periodOf } from '../../audit/statements/period.ts'
import { openStatement, type Statement } from '../../audit/statements/statement.ts'
import { statementCsv } from '../../audit/statements/statementCsv.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { type Asset, USD } from '../../money/asset.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { type Caller, callerId, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { createFileTurns } from '../http/fileTurns.ts'
import { sendFile } from '../http/sendFile.ts'
import { shownNow } from '../http/shownNow.ts'
import { statementPage, statementView } from './statementView.ts'
import { type StatementFormat, statementQuery } from './statementWire.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'valuation' | 'worthThen'>
type Query = z.output<typeof statementQuery>
type Owner = Readonly<{ id: string; name: string }>

/** Changes that one part of a file is made of. */
const PART = 256
const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  camt053: 'application/xml; charset=utf-8',
  mt940: 'text/plain; charset=us-ascii',
}
const ENDINGS = { csv: 'csv', camt053: 'xml', mt940: 'sta' }

/** What moved on a party's balances in a period, as pages or as a file. */
export function statementRoutes(faces: Needs): FastifyPluginAsyncZod {
  const { callers, ground, parties, valuation } = faces
  const turns = createFileTurns()
  const schema = {
    querystring: statementQuery,
    tags: ['ledger'],
    summary: 'A party’s statement of a period: what it had, what moved, what it has; also as CSV, camt.053 and MT940',
  }
  return async (app) => {
    app.get('/v1/statements', { schema }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { query } = request
      const format = formatOf(request, query.format)
      const owner = parties.parties.get(ownerOf(caller, query.party))
      const statement = await read(faces, { owner, query, pageSize: format === 'json' ? query.limit : PART })
      if (format === 'json') return answerPage(statement, { owner, query, currency: valuation.currency.code })
      const file = { caller: callerId(caller), turns, type: TYPES[format], name: fileName(owner, { query, format }) }
      return sendFile(reply, { ...file, parts: partsOf(statement, { owner, format, madeAt: ground.clock.now() }) })
    })
  }
}

function ownerOf(caller: Caller, party: string | undefined): string {
  if (caller.kind === 'party') {
    if (party !== undefined) requireParty(caller, party)
    return caller.party.id
  }
  if (party === undefined)
    throw new GatewayError('invalid_request', 'party: an operator says whose statement it is', { hint: 'Add party=pa_...' })
  return party
}

async function read(
  faces: Needs,
  { owner, query, pageSize }: Readonly<{ owner: Owner; query: Query; pageSize: number }>,
): Promise<Statement> {
  const period = periodOf({ from: query.from, to: query.to, zone: query.time_zone })
  const now = faces.ground.clock.now()
  requireBegun(period, now)
  const reads = await shownNow(faces)
  const path = accounts.party(owner.id)
  const own = () => reads.balances(path, { limit: 1_000 }).map(({ asset }) => asset)
  const asset = query.asset === undefined ? undefined : assetOf(query.asset, own(), faces)
  return openStatement(reads, faces.worthThen, { path, period, asset, pageSize, now })
}

/** Of what the party has, or of what there is. */
function assetOf(name: string, own: readonly Asset[], { ground }: Needs): Asset {
  return assetNamed([...own, USD, ...ground.assets], name)
}

export function requireBegun({ from, start }: Period, now: number): void {
  if (BigInt(now) * 1_000_000n >= start) return
  throw new GatewayError('invalid_request', `from: ${from} is still to come`, { hint: 'Ask for days that have begun.' })
}

function answerPage(statement: Statement, { owner, query, currency }: Readonly<{ owner: Owner; query: Query; currency: string }>) {
  const page = statementPage(statement, query)
  if (!page) {
    throw new GatewayError('invalid_request', `after: ${query.after} is no place in this statement`, {
      hint: 'Pass what `next` of the page before says, with the same days and asset; leave `after` out to begin.',
    })
  }
  return statementView({ party: owner.id, statement, page, currency })
}

type FileFormat = Exclude<StatementFormat, 'json'>

function partsOf(
  statement: Statement,
  { owner, format, madeAt }: Readonly<{ owner: Owner; format: FileFormat; madeAt: number }>,
): Iterable<string> {
  if (format === 'csv') return statementCsv(statement)
  const file = { statement, of: fiatBalance(statement, format), owner, madeAt }
  return format === 'camt053' ? camt053(file) : mt940(file)
}

function fileName(owner: Owner, { query, format }: Readonly<{ query: Query; format: FileFormat }>): string {
  return `statement-${owner.id}-${query.from}-${query.to}.${ENDINGS[format]}`
}

function formatOf({ headers }: Pick<FastifyRequest, 'headers'>, said: StatementFormat | undefined): StatementFormat {
  if (said !== undefined) return said
  const accept = headers.accept ?? ''
  if (accept.includes('text/csv')) return 'csv'
  return accept.includes('application/xml') && !accept.includes('html') ? 'camt053' : 'json'
}
