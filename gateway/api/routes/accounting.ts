import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { periodOf } from '../../audit/statements/period.ts'
import { shownUntil } from '../../audit/statements/shownUntil.ts'
import { readAccountMap, requireMapped } from '../../treasury/accounting/accountMap.ts'
import { journalCsv } from '../../treasury/accounting/journalCsv.ts'
import { callerId, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { createFileTurns } from '../http/fileTurns.ts'
import { sendFile } from '../http/sendFile.ts'
import { shownNow } from '../http/shownNow.ts'
import { requireBegun } from './statements.ts'
import { accountingQuery } from './statementWire.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'worthThen'>

/** The books of a period as a bookkeeper takes them. */
export function accountingRoutes(faces: Needs): FastifyPluginAsyncZod {
  const { callers, ground, worthThen } = faces
  const turns = createFileTurns()
  const schema = {
    querystring: accountingQuery,
    tags: ['ledger'],
    summary: 'Every entry of a period as double entry in CSV, in accounts of the bookkeeper’s own',
  }
  return async (app) => {
    app.get('/v1/ledger/accounting', { schema }, async (request, reply) => {
      const caller = callers.authenticate(request)
      requireOperator(caller)
      const { from, to, time_zone: zone, accounts } = request.query
      const period = periodOf({ from, to, zone })
      const now = ground.clock.now()
      requireBegun(period, now)
      const accountOf = accounts === undefined ? undefined : readAccountMap(accounts)
      const reads = await shownNow(faces)
      if (accountOf) requireMapped(accountOf, reads.groups())
      const { until, isPreliminary } = shownUntil(reads, { period, now })
      const name = `accounting-${from}-${to}${isPreliminary ? '-preliminary' : ''}.csv`
      const parts = journalCsv(reads, { period, until, worthThen, accountOf })
      return sendFile(reply, { caller: callerId(caller), turns, type: 'text/csv; charset=utf-8; header=present', name, parts })
    })
  }
}
