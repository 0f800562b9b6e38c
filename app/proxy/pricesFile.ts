import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { routeExample } from '../../gateway/api/discovery/exampleWire.ts'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import { checkPass } from '../../gateway/seller/pass.ts'
import { checkPrice, type PassOption, type Price, type Upto, usd } from '../../gateway/seller/price.ts'
import { misshapenRefusals } from '../config/misshapen.ts'
import type { Refusal } from '../config/refusal.ts'
import { settingNames } from '../config/settingNames.ts'

/** Those that a gateway sells. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const ROUTES_MAX = 1_000
const PAGE = 'docs/sellers.md has a whole file of prices.'
/** What every path begins with in an operator's own words to its customers. */
const PATH = /^\/[!-~]*$/

const dollars = z.string().max(60).refine(isPrice, { message: 'dollars as a text, such as "0.002"' })
const pass = z.strictObject({
  uses: z.int().min(1).optional(),
  budget: dollars.optional(),
  forMs: z.int().min(1).optional(),
  price: dollars.optional(),
})

const route = z.strictObject({
  path: z.string().max(512).regex(PATH, 'a path such as /books/:id or /files/*'),
  methods: z.array(z.enum(METHODS)).min(1).optional(),
  price: z.union([dollars, z.strictObject({ upto: dollars, step: dollars.optional() })]).optional(),
  free: z.literal(true).optional(),
  split: z.string().max(80).optional(),
  payee: z.string().max(80).optional(),
  description: z.string().max(200).optional(),
  answerWithinS: z.int().min(1).max(600).optional(),
  listed: z.literal(false).optional(),
  example: routeExample.optional(),
  agents: z.union([z.literal('required'), z.array(z.string().max(300)).min(1).max(50)]).optional(),
  pass: pass.optional(),
})

const shape = z.strictObject({
  name: z.string().max(100).optional(),
  description: z.string().max(200).optional(),
  split: z.string().max(80).optional(),
  payee: z.string().max(80).optional(),
  routes: z.array(route).min(1).max(ROUTES_MAX),
})

export type Prices = z.infer<typeof shape>
export type PriceRoute = Prices['routes'][number]

/** Reads a file of prices. Throws `invalid_prices` with all that is wrong in it. */
export function readPrices(path: string): Prices {
  const value = parsedFile(path)
  const { data, error } = shape.safeParse(value)
  const misshapen = misshapenRefusals(value, error?.issues ?? [], () => settingNames(shape), PAGE)
  refusePrices(path, [...misshapen, ...(data ? unclear(data) : [])])
  invariant(data, 'a file of prices of a wrong shape was not refused')
  return data
}

/** Throws `invalid_prices` when anything is refused. */
export function refusePrices(path: string, errors: readonly Refusal[]): void {
  const [first] = errors
  if (!first) return
  const file = basename(path)
  if (errors.length === 1) throw new GatewayError('invalid_prices', `${file}: ${first.message}`, { hint: first.hint, meta: { errors } })
  const hint = errors.map(({ message, hint: mend }) => `\n  ${message}. ${mend}`).join('')
  throw new GatewayError('invalid_prices', `${file}: ${errors.length} settings are not as they should be`, { hint, meta: { errors } })
}

function parsedFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const absent = cause instanceof Error && 'code' in cause
    const message = absent ? `${path} cannot be read` : `${basename(path)} is not JSON: ${cause instanceof Error ? cause.message : ''}`
    throw new GatewayError('invalid_prices', message, { cause, hint: `Give --prices a JSON file; ${PAGE}` })
  }
}

function isPrice(amount: string): boolean {
  try {
    usd(amount)
    return true
  } catch (error) {
    if (isGatewayError(error, 'invalid_amount')) return false
    throw error
  }
}

/** A pass as the file has it, for who sells it. */
export function passIn({ uses, budget, forMs, price }: NonNullable<PriceRoute['pass']>): PassOption {
  return { ...(uses && { uses }), ...(budget && { budget: usd(budget) }), ...(forMs && { forMs }), ...(price && { price: usd(price) }) }
}

/** A price as the file has it, for who sells it: with `upto` the most that a request may cost. */
export function priceIn(price: NonNullable<PriceRoute['price']>): Price | Upto {
  if (typeof price === 'string') return usd(price)
  return { upto: usd(price.upto), ...(price.step !== undefined && { step: usd(price.step) }) }
}

/** Why a route can have no such price, or no such pass at it. */
function trouble(price: NonNullable<PriceRoute['price']>, pass: PriceRoute['pass']): string | undefined {
  try {
    checkPrice(priceIn(price))
    if (pass) checkPass(passIn(pass), priceIn(price))
    return undefined
  } catch (error) {
    if (!isGatewayError(error)) throw error
    return error.shortMessage
  }
}

/** A route costs something or is free, and its money is for one. */
function unclear({ routes, split, payee }: Prices): Refusal[] {
  const refusals = routes.flatMap((one, i) => {
    const setting = `routes.${i}`
    const found: Refusal[] = []
    if ((one.price === undefined) === (one.free === undefined)) {
      const message = `${setting} (${one.path}) has ${one.free ? 'a price and is free' : 'no price'}`
      found.push({ setting, message, hint: 'Give it "price": "0.002", or "free": true.' })
    }
    const wrong = one.price === undefined ? one.pass && 'A pass is not for what is free' : trouble(one.price, one.pass)
    if (wrong)
      found.push({
        setting,
        message: `${setting} (${one.path}): ${wrong}`,
        hint: 'docs/sellers.md says what a price can be, docs/passes.md what a pass can be.',
      })
    if (one.split !== undefined && one.payee !== undefined)
      found.push({ setting, message: `${setting} (${one.path}) is for a split and for a payee`, hint: 'Keep one of them.' })
    return found
  })
  if (split === undefined || payee === undefined) return refusals
  return [...refusals, { setting: 'payee', message: 'the file is for a split and for a payee', hint: 'Keep one of them.' }]
}
