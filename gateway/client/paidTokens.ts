import { floorDivCount } from '../money/integers.ts'
import type { BudgetStore } from './budget/budgetStore.ts'
import { storedText } from './budget/storedText.ts'
import {
  candidates,
  placeOf,
  readTokens,
  tokenAt,
  unforbidden,
  withAccepted,
  withBought,
  withoutOrigin,
  withRefused,
} from './keptTokens.ts'
import type { Challenge } from './offers/readChallenge.ts'
import { tokenSays } from './offers/tokenSays.ts'
import type { ReplayableRequest } from './replayableRequest.ts'
import { isRedirect, type Sending, sendOnce } from './sendPaid.ts'
import type { Credential } from './wallet.ts'

/** The key under which a store keeps tokens that were paid for. */
const TOKENS_KEY = 'switchyard-client/tokens'
/** A server says by these that a token is no good; some also that they dislike the request. */
const REFUSALS = new Set([400, 401, 402, 403])

/**
 * Tokens of L402 that were paid for. Their server alone says how long each is good, and for what: one is shown unasked only at the place where it was bought
 * or taken, and elsewhere in its folder after that place has asked for one.
 */
export interface PaidTokens {
  /** The answer to the request with the token of its place; undefined when there is none to show, or nothing that it says about this request. */
  show(request: ReplayableRequest, tried: Set<string>): Promise<Response | undefined>
  /** The same for a request that was answered with a challenge of L402, before it is paid. What was `tried` is not shown again. */
  showAsked(asked: Readonly<{ request: ReplayableRequest; challenge: Challenge }>, tried: Set<string>): Promise<Response | undefined>
  /** Keeps what was bought with this answer, unless it says that it is no good, and where more than this one request was bought. */
  keep(url: string, credential: Credential, answer: Response): Promise<void>
  /** Shows no token of this URL's server any more. */
  forget(url: string): Promise<void>
}

type Parts = Pick<Sending, 'fetch' | 'allows'> & Readonly<{ now: () => number }>

/** Keeps tokens in the store that also holds what was spent. */
export function createPaidTokens(store: BudgetStore, { fetch, allows, now }: Parts): PaidTokens {
  const stored = storedText(store, TOKENS_KEY)
  type Next = (tokens: ReturnType<typeof readTokens>) => ReturnType<typeof readTokens> | undefined
  const change = (next: Next) =>
    stored.change((before) => {
      const after = next(readTokens(before))
      return after && JSON.stringify(after)
    })
  const mayShow = ({ url, headers }: ReplayableRequest) => !headers.has('authorization') && allows(new URL(url).origin)

  const kept = async ({ method }: ReplayableRequest) =>
    unforbidden(readTokens(await stored.read()), { method, nowS: floorDivCount(now(), 1_000) })

  /** What was sent once may have been done: only what changes nothing is asked again in every case. */
  async function showOne(request: ReplayableRequest, value: string): Promise<Response | undefined> {
    const place = placeOf(request.url)
    const response = await sendOnce(fetch, request, { headers: [['authorization', value]] })
    const { status, ok } = response
    const isRefused = REFUSALS.has(status)
    const isSafe = request.method === 'GET' || request.method === 'HEAD'
    const asksAgain = isSafe ? isRefused || isRedirect(response) : status === 401 || status === 402
    // Its answer is here: where the store fails just now, the next request is shown the same.
    if (isRefused) await change((tokens) => withRefused(tokens, { value, place }, !asksAgain)).catch(() => undefined)
    if (ok) await change((tokens) => withAccepted(tokens, { value, place })).catch(() => undefined)
    // What it asks for instead need not be asked for again.
    const isChallenge = status === 402 && response.headers.has('www-authenticate')
    if (isChallenge || !asksAgain) return response
    await response.body?.cancel()
    return undefined
  }

  return {
    async show(request, tried) {
      const place = placeOf(request.url)
      const value = mayShow(request) && tokenAt(await kept(request), place)?.value
      if (!value) return undefined
      tried.add(`${place} ${value}`)
      return showOne(request, value)
    },
    async showAsked({ request, challenge }, tried) {
      if (!mayShow(request) || !challenge.offers.some(({ name }) => name === 'l402')) return undefined
      const place = placeOf(request.url)
      for (const { value } of candidates(await kept(request), place)) {
        if (tried.has(`${place} ${value}`)) continue
        const response = await showOne(request, value)
        if (response && response.status !== 402) return response
        await response?.body?.cancel()
      }
      return undefined
    },
    async keep(url, credential, answer) {
      const value = credential.headers.find(([name, text]) => name === 'authorization' && text.startsWith('L402 '))?.[1]
      // A 400 is more often about the request.
      const isRefused = answer.status !== 400 && REFUSALS.has(answer.status)
      if (value === undefined || isRefused) return
      // A gateway of ours that sold one request would repeat its answer.
      if (answer.headers.has('switchyard-receipt') && !tokenSays(value).isPass) return
      await change((tokens) => withBought(tokens, { value, place: placeOf(url) }))
    },
    forget: (url) => change((tokens) => withoutOrigin(tokens, new URL(url).origin)),
  }
}
