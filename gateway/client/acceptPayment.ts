import type { Challenge } from './offers/readChallenge.ts'
import type { PayPolicy } from './policy.ts'
import type { ReplayableRequest } from './replayableRequest.ts'
import type { Wallet } from './wallet.ts'

/** How a payer says what it speaks (Payment scheme). A server may leave out of its 402 what is not named, and make an invoice only for who names it. */
const ACCEPT = 'accept-payment'

/** What a payer says of itself, and how it asks once more where a 402 has nothing for it. */
export interface AcceptPayment {
  /** The request with what these wallets speak, where its server may be told. */
  said(request: ReplayableRequest): ReplayableRequest
  /** The request that asks otherwise: for an invoice by name, or without what may have hidden an offer; undefined when there is none. */
  otherwise(asked: Readonly<{ request: ReplayableRequest; challenge: Challenge }>): ReplayableRequest | undefined
}

type Parts = Readonly<{ allows: (origin: string) => boolean; policy: PayPolicy }>

/** `allows` says which origins may be paid; no other is told anything. What the policy forbids is not named. */
export function acceptPaymentOf(wallets: readonly Wallet[], { allows, policy: { only } }: Parts): AcceptPayment {
  const mayBe = (name: string) => only === undefined || only.some((way) => way === 'mpp' || way.split(':')[0] === name.split('/')[0])
  const spoken = [...new Set(wallets.flatMap(({ speaks }) => speaks.filter(mayBe)))].join(', ')
  const isCallers = ({ init }: ReplayableRequest) => new Headers(init.headers).has(ACCEPT)
  return {
    said(request) {
      const { origin } = new URL(request.url)
      return spoken === '' || isCallers(request) || !allows(origin) || isForeign(origin) ? request : accepting(request, spoken)
    },
    otherwise({ request, challenge }) {
      const { hasInvoiceByName } = challenge
      if (isCallers(request)) return undefined
      if (request.headers.has(ACCEPT)) return hasInvoiceByName || isStrange(challenge) ? accepting(request, undefined) : undefined
      return hasInvoiceByName ? accepting(request, 'lightning/charge') : undefined
    },
  }
}

/** It asks in no way that is known here. */
function isStrange({ offers, unread }: Challenge): boolean {
  return offers.length === 0 && unread.every(({ reason }) => reason === 'unknown_scheme')
}

/** In a page, a server of another origin: the browser asks it first whether it takes a header of this name, and a free answer may be lost to its no. */
function isForeign(origin: string): boolean {
  const { location } = globalThis as { location?: { origin: string } }
  return location !== undefined && location.origin !== origin
}

function accepting(request: ReplayableRequest, value: string | undefined): ReplayableRequest {
  const headers = new Headers(request.headers)
  if (value === undefined) headers.delete(ACCEPT)
  else headers.set(ACCEPT, value)
  return { ...request, headers }
}
