import { z } from 'zod'
import { ROLES } from '../../parties/keys/key.ts'
import { action } from './operating.ts'
import { answers, decimal, idempotent, idOf, listOf, money, pageOf, time } from './shapes.ts'

const act = z
  .strictObject({
    id: idOf('act'),
    object: z.literal('act'),
    at: time,
    party: idOf('pa').nullable(),
    operator: z.string().nullable(),
    person: z.string().nullable(),
    role: z.enum(ROLES).nullable(),
    key: idOf('key').nullable().meta({ description: 'Null for a key of the configuration.' }),
    from: z.string().meta({ description: 'The address that it came from.' }),
    what: z.string().meta({ description: 'The operation, such as POST /v1/payouts.' }),
    resources: z.array(z.string()),
    status: z.int().meta({ description: 'How it was answered: 202 for what waits for another person.' }),
    request_id: z.string(),
    block: z.int().meta({ description: 'The block of the journal that it stands in, whose hash chain proves it.' }),
  })
  .meta({ id: 'Act' })

const needed = z.enum(['party', 'gateway'])
const hand = z.strictObject({ of: needed, person: z.string().nullable(), key: idOf('key').nullable() })
export const approval = z
  .strictObject({
    id: idOf('ap'),
    object: z.literal('approval'),
    status: z.enum(['needs_approval', 'approved', 'done', 'refused', 'expired']),
    what: z.string().meta({ description: 'The operation, such as POST /v1/payouts.' }),
    request: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What was asked for, as it was sent; to pay an intent, also which one and whom it pays.' }),
    why: z.string(),
    needs: z.array(needed),
    waits_for: z.array(needed),
    given: z.array(z.strictObject({ as: needed, at: time, by: hand })),
    asked_by: hand,
    refused_by: hand.nullable(),
    party: idOf('pa').nullable(),
    amount: money.nullable(),
    payout: idOf('po')
      .nullable()
      .meta({ description: 'The payout that is made when the last word is given; its money is held until then.' }),
    asked_at: time,
    expires_at: time,
  })
  .meta({
    id: 'Approval',
    description: 'What waits for another person. What has no payout is done by the same request with Switchyard-Approval.',
  })
const limits = z.strictObject({ object: z.literal('approval_limits'), party: idOf('pa'), payouts_usd_max: decimal.nullable() })

export const peopleOperations = {
  'GET /v1/acts': answers('listActs', { 200: pageOf(act) }),
  'GET /v1/approvals': answers('listApprovals', { 200: listOf(z.union([approval, action])) }),
  'GET /v1/approvals/:id': answers('getApproval', { 200: approval }),
  'POST /v1/approvals/:id/approve': idempotent('approve', { 200: z.union([approval, action]) }),
  'POST /v1/approvals/:id/refuse': idempotent('refuse', { 200: z.union([approval, action]) }),
  'POST /v1/parties/:id/approvals': idempotent('setApprovalLimits', { 200: limits, 202: approval }),
}
