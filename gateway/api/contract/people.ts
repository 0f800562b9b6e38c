import { z } from 'zod'
import { ROLES } from '../../parties/keys/key.ts'
import { answers, idOf, pageOf, time } from './shapes.ts'

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

export const peopleOperations = {
  'GET /v1/acts': answers('listActs', { 200: pageOf(act) }),
}
