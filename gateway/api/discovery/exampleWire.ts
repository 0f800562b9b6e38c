import { z } from 'zod'

/** An example is shown, and goes into each 402 where there is room. */
const EXAMPLE_CHARS_MAX = 2_000
const PARAMETERS_MAX = 20

const json = z.unknown().refine(isShort, { message: `has more than ${EXAMPLE_CHARS_MAX} letters` })

/** A request that a route answers, and the answer, as a seller shows them. */
export const routeExample = z.strictObject({
  query: z
    .record(z.string().max(100), z.string().max(200))
    .refine((query) => Object.keys(query).length <= PARAMETERS_MAX, { message: `has more than ${PARAMETERS_MAX} parameters` })
    .optional(),
  body: json.optional(),
  output: json.optional(),
})

function isShort(value: unknown): boolean {
  return value === undefined || JSON.stringify(value).length <= EXAMPLE_CHARS_MAX
}
