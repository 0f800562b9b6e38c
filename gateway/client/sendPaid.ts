import { GroundError } from '../errors/groundError.ts'
import { max, min } from '../money/integers.ts'
import type { ReplayableRequest } from './replayableRequest.ts'
import type { Credential } from './wallet.ts'

/** A paid request is sent at most this often before its outcome is handed back as unknown. */
export const SENDS_MAX = 4
/** One send waits this long for its answer. */
export const SEND_TIMEOUT_MS = 30_000
/** The first pause; it doubles. A server's Retry-After counts up to the bound. */
const PAUSE_MS = 250
const PAUSE_MS_MAX = 5_000

/** Answers after which the request is sent again at once: it is under way, was not taken, or something in between did not hear. */
const AGAIN_STATUSES = new Set([409, 429, 502, 503, 504])
/** From here on a server has failed, and only a receipt says that the payment was taken before it did. */
const FAILED_STATUS_MIN = 500
const RECEIPTS = ['switchyard-receipt', 'payment-receipt', 'payment-response', 'x-payment-response']
/** They name another place to ask, and a proof is not taken there. */
const REDIRECTS = new Set([301, 302, 303, 307, 308])

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
/** Waits, or throws the reason of the signal. */
export type Sleep = (ms: number, signal: AbortSignal | undefined) => Promise<void>

/** Waits by the clock of the machine. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** `allows` says whether an origin may be paid. */
export type Sending = Readonly<{ fetch: Fetch; sleep: Sleep; allows: (origin: string) => boolean }>

/** `resolved`: the server has said what became of the payment. */
export type PaidAnswer = Readonly<{ response: Response; resolved: boolean }>

/**
 * Sends the request with its credential, and the very same again when the network fails or the server could not take it now. It never pays. Throws
 * `outcome_unknown` when no answer came, or the caller's abort reason.
 */
export async function sendPaid(context: Sending, request: ReplayableRequest, credential: Credential): Promise<PaidAnswer> {
  checkTarget(context, request, credential)
  let failure: unknown
  for (let sends = 1; ; sends++) {
    const answer = await sendOnce(context.fetch, request, credential).catch((error: unknown) => {
      request.init.signal?.throwIfAborted()
      failure = error
    })
    const resolved = answer !== undefined && isResolved(answer)
    if (answer && (resolved || !AGAIN_STATUSES.has(answer.status) || sends === SENDS_MAX)) return { response: answer, resolved }
    if (sends === SENDS_MAX) break
    await answer?.body?.cancel()
    await context.sleep(pauseMs(sends, answer?.headers.get('retry-after') ?? null), request.init.signal ?? undefined)
  }
  throw new GroundError('outcome_unknown', `${request.method} ${request.url} was paid for and sent ${SENDS_MAX} times without an answer`, {
    hint: 'Call fetch again with the same method, URL and body: it sends the same credential and pays nothing.',
    cause: failure,
  })
}

/** The last look before a secret leaves, at where it goes: what was kept may be older than the budget and the wallets of this payer. */
function checkTarget({ allows }: Sending, { method, url }: ReplayableRequest, credential: Credential): void {
  const { origin } = new URL(url)
  const allowed = allows(origin)
  if (allowed && (credential.origin ?? origin) === origin) return
  throw new GroundError('outcome_unknown', `${method} ${url} may have been paid, and its proof may not be sent to ${origin} any more`, {
    hint: allowed
      ? 'Nothing was sent or paid now. The key belongs to another server.'
      : 'Nothing was sent or paid now. Allow the site in budget.sites and repeat the request, or forget its payment.',
  })
}

/**
 * Sends once, with a deadline for the beginning of its answer; a 402 must be here whole by then. Redirects of a paid request are not followed, so that a
 * proof never reaches another server.
 */
export async function sendOnce(fetch: Fetch, request: ReplayableRequest, credential?: Credential): Promise<Response> {
  const headers = new Headers(request.headers)
  for (const [name, value] of credential?.headers ?? []) headers.set(name, value)
  const [control, deadline] = [new AbortController(), AbortSignal.timeout(SEND_TIMEOUT_MS)]
  let isBegun = false
  deadline.addEventListener('abort', () => {
    if (!isBegun) control.abort(deadline.reason)
  })
  const signal = request.init.signal ? AbortSignal.any([request.init.signal, control.signal]) : control.signal
  const { method, body, init } = request
  const redirect = credential ? 'manual' : (init.redirect ?? 'follow')
  const answer = await fetch(request.url, { ...init, method, headers, signal, redirect, ...(body === undefined ? {} : { body }) })
  isBegun = answer.status !== 402
  return answer
}

/** A receipt settles it, whatever the status: then the handler itself answered so. */
function isResolved(response: Response): boolean {
  const { status, headers } = response
  const isOpen = AGAIN_STATUSES.has(status) || status >= FAILED_STATUS_MIN || isRedirect(response)
  return !isOpen || RECEIPTS.some((name) => headers.has(name))
}

/** A browser shows no more of one than its type. */
export function isRedirect({ status, type }: Response): boolean {
  return REDIRECTS.has(status) || type === 'opaqueredirect'
}

function pauseMs(sends: number, retryAfter: string | null): number {
  const asked = retryAfter && /^[0-9]{1,6}$/.test(retryAfter) ? Number.parseInt(retryAfter, 10) * 1000 : 0
  return min(PAUSE_MS_MAX, max(asked, PAUSE_MS * 2 ** (sends - 1)))
}
