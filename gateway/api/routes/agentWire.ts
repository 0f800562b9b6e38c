import { z } from 'zod'
import { COORDINATE } from '../../guard/mandates/wire.ts'
import { amountText } from '../http/amountText.ts'
import { metadata, partyId, shownText } from '../http/wire.ts'

const LIFE_S_MAX = 10 * 365 * 86_400
const PAYEES_MAX = 32

/** Of one token: an AP2 mandate of its own examples has 2,000. */
const MANDATE_CHARS_MAX = 16_384
const coordinate = z.string().regex(COORDINATE, 'is not 32 bytes in base64url')
const sdJwt = z
  .string()
  .max(MANDATE_CHARS_MAX)
  .regex(/^[A-Za-z0-9_.~-]+$/, 'is not an SD-JWT')
const mandate = z.strictObject({
  payment: sdJwt.meta({ description: 'An open payment mandate of AP2 0.2, as an SD-JWT that ends with "~".' }),
  checkout: sdJwt.optional().meta({ description: 'The open checkout mandate that it refers to, where it does.' }),
  issuer_key: z
    .strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate })
    .meta({ description: 'The public key (JWK) of who has signed both, as you know it and not as the mandate says it.' }),
})

export const createAgent = z.strictObject({
  party: partyId.optional().meta({ description: 'Whose balance it spends, where an operator makes it. Absent: that of who asks.' }),
  name: shownText(60),
  request_usd_max: amountText('0.05').meta({ description: 'US dollars that one request may cost.' }),
  day_usd_max: amountText('2').meta({ description: 'US dollars that it may spend in a UTC day.' }),
  approval_above_usd: amountText('0.02')
    .optional()
    .meta({ description: 'To a request that costs more a person of the party agrees. Absent: the agent asks nobody.' }),
  payees: z.array(partyId).min(1).max(PAYEES_MAX).optional().meta({ description: 'Whom alone it may pay. Absent: anybody.' }),
  expires_in_s: z.int().min(60).max(LIFE_S_MAX).optional(),
  mandate: mandate
    .optional()
    .meta({ description: 'What somebody has signed that it may spend: with the limits above the lesser of each counts.' }),
  metadata: metadata.default({}),
})

export const agentsQuery = z.strictObject({ party: partyId.optional() })

export const statementQuery = z.strictObject({
  day: z.iso.date('is not a day such as 2026-11-24').optional().meta({ description: 'A UTC day. Absent: today.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().min(1).optional().meta({ description: 'Those before this n.' }),
})

export const createDeviceCode = z.strictObject({
  name: shownText(60).meta({ description: 'What the program calls itself. A person sees it.' }),
  request_usd_max: amountText('0.05').optional().meta({ description: 'What it would like to spend on a request at most.' }),
  day_usd_max: amountText('2').optional(),
})
export const askDeviceKey = z.strictObject({
  device_code: z.string().regex(/^dc_[A-Za-z0-9_-]{43}$/, 'is not a device code (dc_...)'),
})
