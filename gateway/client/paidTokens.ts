import * as z from 'zod/mini'
import type { BudgetStore } from './budget/budgetStore.ts'
import { storedText, storeFailed } from './budget/storedText.ts'
import type { ReplayableRequest } from './replayableRequest.ts'
import { isRedirect, type Sending, sendOnce } from './sendPaid.ts'
import type { Credential } from './wallet.ts'

/** The key under which a store keeps tokens that were paid for. */
const TOKENS_KEY = 'switchyard-client/tokens'
/** The oldest goes first: what it opened is paid for anew. */
const TOKENS_MAX = 256

/** `place` is where it was bought, origin and path; `value` is the whole header. */
const form = z.array(z.object({ place: z.string(), value: z.string() }))
type PaidToken = z.infer<typeof form>[number]

/** Tokens of L402 that were paid for. Their server alone says how long each is good, and for what: it is shown until it is refused. */
export interface PaidTokens {
  /** The answer to the request with a token, perhaps a 402; undefined when there is none to show, or nothing that it says about this request. */
  show(request: ReplayableRequest): Promise<Response | undefined>
  /** Keeps what opened this answer, where more than this one request was bought. */
  keep(url: string, credential: Credential, answer: Response): Promise<void>
}

/** Keeps tokens in the store that also holds what was spent. */
export function createPaidTokens(store: BudgetStore, { fetch, allows }: Pick<Sending, 'fetch' | 'allows'>): PaidTokens {
  const stored = storedText(store, TOKENS_KEY)
  const change = (next: (tokens: readonly PaidToken[]) => readonly PaidToken[]) =>
    stored.change((before) => JSON.stringify(next(tokensIn(before))))
  return {
    async show(request) {
      const place = placeOf(request.url)
      const { origin } = new URL(place)
      if (request.headers.has('authorization') || !allows(origin)) return undefined
      const token = nearest(tokensIn(await stored.read()), place)
      if (!token) return undefined
      const response = await sendOnce(fetch, request, { headers: [['authorization', token.value]] })
      if (response.status === 402 && token.place === place) await change((tokens) => tokens.filter(({ value }) => value !== token.value))
      // What was sent once may have been done: only what changes nothing is asked again behind a redirect.
      const asksAgain = isRedirect(response) && (request.method === 'GET' || request.method === 'HEAD')
      if (response.status !== 401 && !asksAgain) return response
      await response.body?.cancel()
      return undefined
    },
    async keep(url, credential, answer) {
      const value = credential.headers.find(([name, text]) => name === 'authorization' && text.startsWith('L402 '))?.[1]
      // A gateway of ours sells one request, and would repeat its answer.
      if (value === undefined || !answer.ok || answer.headers.has('switchyard-receipt')) return
      const place = placeOf(url)
      await change((tokens) => [...tokens.filter((token) => token.place !== place), { place, value }].slice(-TOKENS_MAX))
    },
  }
}

function placeOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** The token of the same server that was bought nearest to this place; of two as near the newer. */
function nearest(tokens: readonly PaidToken[], place: string): PaidToken | undefined {
  const { origin } = new URL(place)
  const here = tokens.filter((token) => new URL(token.place).origin === origin)
  return here.reduce<PaidToken | undefined>(
    (best, token) => (best && shared(best.place, place) > shared(token.place, place) ? best : token),
    undefined,
  )
}

function shared(one: string, other: string): number {
  const differs = [...one].findIndex((letter, i) => letter !== other[i])
  return differs < 0 ? one.length : differs
}

function tokensIn(text: string | undefined): readonly PaidToken[] {
  if (text === undefined) return []
  try {
    return form.parse(JSON.parse(text))
  } catch (cause) {
    throw storeFailed(`what stands under ${TOKENS_KEY} is no list of tokens`, cause)
  }
}
