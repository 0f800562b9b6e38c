import { z } from 'zod'
import { routeExample } from '../discovery/exampleWire.ts'

/** As many as a file of prices may have; fewer are shown. */
const ROUTES_MAX = 1_000

const price = z.strictObject({ amount: z.string().max(60), asset: z.literal('USD').default('USD') })

const route = z
  .strictObject({
    method: z.string().regex(/^[A-Z]{3,10}$/, 'is not a method of HTTP in capital letters'),
    path: z
      .string()
      .max(512)
      .regex(/^\/[!-~]*$/, 'is not a path such as /books/:id'),
    price: price.optional().meta({ description: 'Absent where each request has its own.' }),
    price_range: z
      .strictObject({ least: price, most: price })
      .optional()
      .meta({ description: 'Between which prices, where each request has its own.' }),
    description: z.string().max(200).default(''),
    example: routeExample.optional(),
    for_agents: z.boolean().default(false).meta({ description: 'Only programs that sign their requests are told the price.' }),
  })
  .refine((one) => one.price === undefined || one.price_range === undefined, { message: 'has a price and a range of prices: keep one' })
export type ListingRoute = z.infer<typeof route>

/** What a seller sells, as it may be shown to anybody. */
export const listingRequest = z.strictObject({
  url: z
    .string()
    .max(300)
    .regex(/^https?:\/\/[0-9A-Za-z.:[\]_-]{1,255}\/?$/, 'is not scheme and host, such as https://api.example.com')
    .refine((text) => URL.canParse(text), { message: 'is not a URL' })
    .meta({ description: 'How payers reach the seller.' }),
  name: z.string().max(100).default(''),
  description: z.string().max(200).default(''),
  routes: z.array(route).max(ROUTES_MAX),
})
export type ListingRequest = z.infer<typeof listingRequest>
