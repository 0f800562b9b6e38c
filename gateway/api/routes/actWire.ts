import { z } from 'zod'
import { partyId } from '../http/wire.ts'

const when = z.iso.datetime({ offset: true, error: 'is not a time such as 2026-11-23T08:00:00Z' }).transform((text) => Date.parse(text))

export const actsQuery = z
  .strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    after: z
      .string()
      .regex(/^act_[0-9a-f]{32}$/, 'is not the id of an act (act_...)')
      .optional()
      .meta({ description: 'The last act of the page before: those that were done before it.' }),
    party: partyId.optional().meta({ description: 'Only acts of this party. A party reads its own alone.' }),
    person: z.string().min(1).max(100).optional(),
    key: z
      .string()
      .regex(/^key_[0-9a-f]{32}$/, 'is not a key id (key_...)')
      .optional(),
    resource: z.string().min(1).max(120).optional().meta({ description: 'An id, or a kind as rights name it: po_..., payouts.' }),
    since: when.optional(),
    until: when.optional(),
  })
  .refine(({ person, key, resource }) => [person, key, resource].filter((one) => one !== undefined).length <= 1, {
    message: 'one of person, key and resource at a time',
  })
