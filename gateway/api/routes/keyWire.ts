import { z } from 'zod'
import { ROLES } from '../../parties/keys/key.ts'
import { RESOURCES } from '../http/needs.ts'
import { lineOfText, metadata, partyId, shownText, wholePage } from '../http/wire.ts'

const KEY_ID = /^key_[0-9a-f]{32}$/
const LIFE_S_MAX = 10 * 365 * 86_400
const OVERLAP_S_MAX = 30 * 86_400
const ADDRESSES_MAX = 16

const rights = z
  .partialRecord(z.enum(RESOURCES), z.enum(['read', 'write']), {
    error: `names read or write by resource; there are ${RESOURCES.join(', ')}`,
  })
  .refine((can) => Object.keys(can).length > 0, 'names nothing: leave it out for all that the holder may')
  .meta({ description: 'What a restricted key may do, by resource; write holds read. Absent: all that its holder may.' })

export const createKey = z
  .strictObject({
    name: lineOfText(100).trim().min(1).meta({ description: 'By which a person knows what it is for.' }),
    party: partyId.optional().meta({ description: 'For whom an operator makes it. Absent: for whoever asks.' }),
    can: rights.optional(),
    addresses: z
      .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'is not an address or a network such as 203.0.113.0/24' }))
      .min(1)
      .max(ADDRESSES_MAX)
      .optional()
      .meta({ description: 'From where alone it is good. Absent: from anywhere.' }),
    expires_in_s: z.int().min(60).max(LIFE_S_MAX).optional(),
    metadata: metadata.default({}),
    person: shownText(60).optional().meta({ description: 'Whose of the party it is. Absent: that of who makes it, or the party’s own.' }),
    role: z.enum(ROLES).optional().meta({ description: 'What that person may do. It goes with person.' }),
    publishable: z
      .literal(true)
      .optional()
      .meta({ description: 'A key for the source of a page: it reads what a payer of an intent reads.' }),
  })
  .refine(({ person, role }) => (person === undefined) === (role === undefined), { path: ['role'], message: 'goes with person' })
  .refine((key) => !key.publishable || (key.can === undefined && key.person === undefined), {
    path: ['publishable'],
    message: 'goes with neither rights nor a person',
  })

export const rotateKey = z.strictObject({
  overlap_s: z.int().min(0).max(OVERLAP_S_MAX).default(86_400).meta({ description: 'How long the old key is good beside the new one.' }),
})

export const keysPage = z.strictObject({
  limit: wholePage,
  after: z.string().regex(KEY_ID, 'is not a key id (key_...)').optional(),
  party: partyId.optional().meta({ description: 'Of one party, for an operator.' }),
})
