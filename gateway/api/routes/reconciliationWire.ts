import { z } from 'zod'
import { BREAK_KINDS } from '../../audit/matching/rows.ts'
import { BREAK_STATUSES } from '../../reconciliation/break.ts'
import { amounts, asked, listQuery } from '../lists/listQuery.ts'
import { grounds } from './suspenseWire.ts'

const account = z.string().min(4).max(200)

/** `kind` and `statement` are references, by the names that a break has. */
export const breaksQuery = listQuery({
  kind: z.enum(BREAK_KINDS).optional(),
  statement: z.string().min(1).max(200).optional().meta({ description: 'The id of the statement it was found in.' }),
  status: asked.status(BREAK_STATUSES),
  rail: asked.rail,
  ...amounts,
})

export const assignRequest = z.strictObject({
  to: z.string().min(1).max(100).meta({ description: 'The operator who looks after it, by the name of its key or login.' }),
})

export const proofDay = z.strictObject({ day: z.iso.date() })

export const resolveRequest = z
  .strictObject({
    how: z.enum(['entry', 'accept']).meta({ description: 'entry: books the proposal, or debit and credit. accept: books nothing.' }),
    debit: account.optional(),
    credit: account.optional(),
    reason: grounds.reason,
    evidence: grounds.evidence,
  })
  .refine(({ debit, credit }) => (debit === undefined) === (credit === undefined), { path: ['credit'], message: 'goes with debit' })
  .refine(({ how, debit }) => how === 'entry' || debit === undefined, { path: ['debit'], message: 'is for an entry' })
