import { z } from 'zod'
import { amountText } from '../http/amountText.ts'
import { partyId } from '../http/wire.ts'

const PAGE = { most: 100, unless: 20 }
/** Shorter than the patience of most proxies. */
const WAIT_S_MAX = 20
const WAIT_S = 2

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

/** What can be asked of every list. */
const always = {
  limit: z.coerce.number().int().min(1).max(PAGE.most).default(PAGE.unless),
  after: z.string().max(100).optional().meta({ description: 'What `next` of the page before says.' }),
  wait: z.coerce.number().int().min(0).max(WAIT_S_MAX).default(WAIT_S).meta({
    description:
      'Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position.',
  }),
  party: partyId.optional().meta({ description: 'Of one party. A party sees its own without it.' }),
  reference: z.string().min(1).max(4_096).optional().meta({ description: 'Any name that you, a payer or a rail has for it.' }),
  created_from: time.optional(),
  created_before: time.optional(),
}

/** What can be asked of some lists besides. */
export const asked = {
  status: <const T extends readonly [string, ...string[]]>(states: T) => z.enum(states).optional(),
  rail: z
    .string()
    .regex(
      /^(?:lightning|bank|book|evm(?::[1-9]\d{0,15})?|custom(?::[a-z0-9][a-z0-9-]{0,39})?)$/,
      'is not the name or the kind of a rail: GET /v1/rails lists them',
    )
    .max(60)
    .optional()
    .meta({ description: 'A rail by its name, or by its kind for every rail of that kind.' }),
  amount_min: amountText('0.5').optional(),
  amount_max: amountText('20').optional(),
  asset: z.string().max(100).optional().meta({ description: 'Of amount_min and amount_max; USD when absent.' }),
  metadata_key: z.string().min(1).max(40).optional(),
  metadata_value: z.string().max(500).optional(),
  expand: <const T extends readonly [string, ...string[]]>(names: T) =>
    z.enum(names).optional().meta({ description: 'What is shown along, so that nobody has to ask again.' }),
} as const

export const amounts = { amount_min: asked.amount_min, amount_max: asked.amount_max, asset: asked.asset }
export const byMetadata = { metadata_key: asked.metadata_key, metadata_value: asked.metadata_value }

/** The query of a list. What it does not know is refused with the names of what it does. */
export function listQuery<T extends z.core.$ZodLooseShape>(fields: T) {
  const shape = { ...always, ...fields }
  const names = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${(issue.keys as string[]).join(', ')}: this list can be asked by ${names}` : undefined,
  })
}

/** As `answerList` takes it: what a list cannot be asked is absent. */
export type ListQuery = z.output<ReturnType<typeof listQuery<Record<never, never>>>> &
  Readonly<{
    status?: string | undefined
    rail?: string | undefined
    amount_min?: string | undefined
    amount_max?: string | undefined
    asset?: string | undefined
    metadata_key?: string | undefined
    metadata_value?: string | undefined
    expand?: string | undefined
  }>
