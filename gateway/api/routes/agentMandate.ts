import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { digestsOf, type MandateLimits, readMandate } from '../../guard/mandates/readMandate.ts'
import { min } from '../../money/integers.ts'
import { compare, formatAmount, type Money, money } from '../../money/money.ts'
import type { Mandate } from '../../parties/agents/agent.ts'
import type { MandateData } from '../../parties/agents/facts.ts'
import type { AgentLeft } from '../../parties/agents/spending.ts'
import type { Parties } from '../../parties/party/parties.ts'
import type { PartyId } from '../../ports/ids.ts'
import { moneyView } from '../http/views.ts'
import type { createAgent } from './agentWire.ts'

type Given = NonNullable<z.output<typeof createAgent>['mandate']>

/** What a mandate limits, and what is kept of it. */
type ReadMandate = Readonly<{ limits: MandateLimits; data: MandateData }>

/** Throws `mandate_invalid`. */
export function mandateIn({ payment, checkout, issuer_key: issuerKey }: Given, now: number): ReadMandate {
  const given = { payment, checkout, issuerKey }
  const limits = readMandate(given, now)
  const { budgetMax, usesMax, items } = limits
  const digests = digestsOf(given)
  const data = {
    payment,
    ...(checkout === undefined ? {} : { checkout }),
    issuerKey,
    paymentSha256: digests.payment,
    ...(digests.checkout === undefined ? {} : { checkoutSha256: digests.checkout }),
    signedSha256: digests.signed,
    issuer: digests.issuer,
    ...(budgetMax ? { budgetUsdMax: budgetMax.units.toString() } : {}),
    ...(usesMax === undefined ? {} : { usesMax }),
    ...(items ? { items } : {}),
  }
  return { limits, data }
}

/** The lesser of what is asked for and what a mandate says, where it does. */
export function leastOf(asked: Money, signed: Money | undefined): Money {
  return signed && compare(signed, asked) < 0 ? signed : asked
}

/** Whom both allow; undefined for anybody. Merchants of a mandate are parties by their ids, and whoever is none is not paid here. */
export function payeesOf(
  asked: readonly PartyId[] | undefined,
  signed: readonly string[] | undefined,
  parties: Pick<Parties, 'find'>,
): readonly PartyId[] | undefined {
  if (!signed) return asked
  const here = [...new Set(signed)].flatMap((id) => parties.find(id)?.id ?? [])
  const both = asked ? asked.filter((id) => here.includes(id)) : here
  if (both.length === 0)
    throw new GatewayError('mandate_invalid', 'The mandate is not taken: it allows no payee that the agent could pay here')
  return both
}

/** The most that may leave by it in all: `daily` is what its days let out. */
export function mostBy({ budgetMax, usesMax }: MandateLimits, daily: Money, requestMax: Money): Money {
  const sums = [budgetMax?.units, usesMax === undefined ? undefined : requestMax.units * BigInt(usesMax)]
  return money(
    daily.asset,
    sums.reduce<bigint>((least, sum) => (sum === undefined ? least : min(least, sum)), daily.units),
  )
}

/** What another person sees of it who has to agree: the tokens are long, and say nothing that a person reads. */
export function shownMandate({ limits: { budgetMax, usesMax, items }, data }: ReadMandate) {
  const { paymentSha256, checkoutSha256, issuer } = data
  const budget = budgetMax && formatAmount(budgetMax)
  return { payment_sha256: paymentSha256, checkout_sha256: checkoutSha256, issuer, budget_usd_max: budget, uses_max: usesMax, items }
}

export function mandateView({ paymentSha256, checkoutSha256, issuer, budgetMax, usesMax, items }: Mandate, { budget, uses }: AgentLeft) {
  return {
    payment_sha256: paymentSha256,
    checkout_sha256: checkoutSha256 ?? null,
    issuer,
    budget_max: budgetMax ? moneyView(budgetMax) : null,
    budget_left: budget ? moneyView(budget) : null,
    uses_max: usesMax ?? null,
    uses_left: uses ?? null,
    items: items ?? null,
  }
}

/** The tokens, for who shows them to somebody else. */
export function keptMandateView(agent: string, { payment, checkout, issuerKey, paymentSha256, checkoutSha256, issuer }: MandateData) {
  return {
    object: 'mandate',
    agent,
    payment,
    checkout: checkout ?? null,
    issuer_key: issuerKey,
    issuer,
    payment_sha256: paymentSha256,
    checkout_sha256: checkoutSha256 ?? null,
  }
}
