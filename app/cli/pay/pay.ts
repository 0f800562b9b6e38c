import type { PaidReceipt } from '../../../gateway/client/paidReceipt.ts'
import { createPayer, type Payer } from '../../../gateway/client/payer.ts'
import type { Quote } from '../../../gateway/client/quote.ts'
import { GatewayError, isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import { usd } from '../../../gateway/money/dollars.ts'
import { openPurse, type Purse } from '../../purse/purse.ts'
import { WrongWords } from '../wrongWords.ts'
import { type AnswerPlace, answerPlace, endLine, receivedText } from './answer.ts'
import { checkTerminal, confirmed } from './confirm.ts'
import { paidText, quoteText, withWalletHint } from './payText.ts'
import { type Asked, type RequestOptions, requestOf } from './requestOf.ts'

type Options = RequestOptions &
  Readonly<{
    max?: string | undefined
    by?: string | undefined
    dryRun?: true | undefined
    forget?: true | undefined
    confirm?: true | undefined
    yes?: true | undefined
    output?: string | undefined
    wallet?: string | undefined
  }>

/** Where nobody set a limit for a day, each call has its own; and where nothing is paid, there is none. */
const NO_LIMIT = usd('1000000')
/** What a policy can name: a rail, one chain, or a protocol. */
const WAY = /^(?:lightning|evm(?::[1-9]\d*)?|book|x402|mpp|l402)$/

/** Requests a URL and pays it; the command is called `name`. */
export async function pay(url: string, o: Options, name: string): Promise<number> {
  const asked = requestOf(url, o)
  const purse = openPurse(url, { wallet: o.wallet, env: process.env })
  try {
    if (o.dryRun) return await dryRun(asked, payerOf(purse, asked, o), o)
    if (o.forget) return await forget(asked, payerOf(purse, asked, o), o)
    return await payNow(asked, { purse, o, name })
  } finally {
    purse.close()
  }
}

type Approve = (quote: Quote) => boolean | Promise<boolean>

/** `--max` takes the place of the budget's limit for one request. Without either, and a person to ask, nothing is paid, and so nothing is sent. */
function payerOf(purse: Purse, { url }: Asked, o: Options, approve?: Approve): Payer {
  const { max } = o
  const needsNone = o.dryRun || o.forget || asksPerson(o)
  const { budget, store } = purse
  const policy = o.by === undefined ? purse.policy : { only: waysOf(o.by) }
  const limit = max === undefined ? budget?.perRequest : usd(max)
  if (max !== undefined && limit?.units === 0n)
    throw new WrongWords(`--max ${max} pays nothing: write the most that it may cost, such as 0.05`)
  if (limit === undefined && !needsNone)
    throw new WrongWords('--max is missing: no budget, no payment. Write --max 0.05, or give the wallet file a budget')
  return createPayer({
    wallets: purse.wallets.map(({ wallet }) => wallet),
    budget: { perRequest: limit ?? NO_LIMIT, perDay: budget?.perDay ?? NO_LIMIT, sites: budget?.sites ?? [new URL(url).host] },
    store,
    // The command has an answer when it has written it down.
    aheadBytes: 0,
    ...(policy && { policy }),
    ...(approve && { approve }),
  })
}

/** The ways of --by: rails, one chain, protocols. A word that names none would leave nothing to pay by. */
function waysOf(by: string): readonly string[] {
  const ways = by.split(',').filter((way) => way !== '')
  const wrong = ways.find((way) => !WAY.test(way))
  if (wrong !== undefined || ways.length === 0)
    throw new WrongWords(
      `--by ${by}: ${wrong ?? 'it'} is no way to pay; write lightning, evm, evm:8453, book, x402, mpp or l402, joined by commas`,
    )
  return ways
}

function asksPerson({ confirm, yes }: Options): boolean {
  return confirm === true && yes !== true
}

async function dryRun({ url, init }: Asked, payer: Payer, o: Options): Promise<number> {
  const quote = await reached(url, () => payer.quote(url, init))
  if (o.json) console.log(JSON.stringify({ quote }, null, 2))
  else console.log(quote ? quoteText(quote) : 'free: it was answered without a payment')
  return quote && quote.bids.length === 0 ? 1 : 0
}

async function forget({ url, init }: Asked, payer: Payer, o: Options): Promise<number> {
  const forgotten = await payer.forget(url, init)
  console.log(
    o.json
      ? JSON.stringify({ forgotten })
      : `${forgotten} open payment(s) of this request are no longer looked up; they stay spent. No token that its server sold is shown any more`,
  )
  return 0
}

type Paying = Readonly<{ purse: Purse; o: Options; name: string }>
/** What is known of a payment so far. */
type Course = { first: Quote | undefined; startedMs: number; receipt: PaidReceipt | null; tookMs: number }

async function payNow(asked: Asked, { purse, o, name }: Paying): Promise<number> {
  if (asksPerson(o)) checkTerminal()
  const course: Course = { first: undefined, startedMs: performance.now(), receipt: null, tookMs: 0 }
  const payer = payerOf(purse, asked, o, async (quote) => {
    if (!course.first && !o.json) console.error(quoteText(quote))
    course.first ??= quote
    if (asksPerson(o) && !(await confirmed(quote))) return false
    course.startedMs = performance.now()
    return true
  })
  const place = answerPlace(o)
  try {
    return await answered(asked, { payer, place, o, course })
  } catch (error) {
    if (isGatewayError(error, 'outcome_unknown')) {
      return unknown(error, { receipt: course.receipt, o, name })
    }
    throw isGatewayError(error, 'no_payable_offer') ? withWalletHint(error, purse.wallets.length) : error
  } finally {
    place.close()
  }
}

type Answering = Readonly<{ payer: Payer; place: AnswerPlace; o: Options; course: Course }>

/** Pays, and brings the answer where it goes, in parts: it may be longer than memory. */
async function answered(asked: Asked, { payer, place, o, course }: Answering): Promise<number> {
  const { url, init } = asked
  const response = await reached(url, () => payer.fetch(url, init))
  if (payer.isOpen(response)) throw await unanswered(asked, response)
  course.receipt = payer.receipt(response)
  course.tookMs = Math.round(performance.now() - course.startedMs) // not money: milliseconds
  const { first, receipt, tookMs } = course
  const { status } = response
  if (!o.json) {
    console.error(receipt ? paidText(receipt, first, tookMs) : 'nothing was paid: it is free, or was bought before')
    if (o.output === undefined) console.error(`${status}`)
  }
  const received = await reached(url, () => place.take(response)).catch((cause: unknown) => {
    throw receipt ? asOpen(cause) : cause
  })
  if (o.json) {
    const took_ms = receipt ? tookMs : null
    const body = { body: received.text ?? null, ...(received.file !== undefined && { body_file: received.file }) }
    console.log(JSON.stringify({ status, quote: first ?? null, receipt, took_ms, ...body }, null, 2))
  } else if (o.output === undefined) endLine()
  else console.error(`${status}  ${receivedText(received)}`)
  return response.ok ? 0 : 4
}

/** An answer that leaves open what became of the payment. */
async function unanswered({ url, init }: Asked, response: Response): Promise<GatewayError> {
  await response.body?.cancel()
  return new GatewayError('outcome_unknown', `${init.method} ${url} was paid for, and its server answers ${response.status}`)
}

/** An answer that was paid for and is not here, for whatever reason, is still to be had. */
function asOpen(cause: unknown): unknown {
  if (isGatewayError(cause, 'outcome_unknown') || !(cause instanceof Error)) return cause
  const why = isGatewayError(cause) ? cause.shortMessage : cause.message
  return new GatewayError('outcome_unknown', `it was paid for, and ${why}`, { cause })
}

type Told = Readonly<{ receipt: PaidReceipt | null; o: Options; name: string }>

/** Exit code 3: whoever runs the command must not take it for a refusal. A receipt is there where the server took the payment. */
function unknown(error: GatewayError, { receipt, o, name }: Told): number {
  const hint =
    'A payment may have left. Type the same again: it looks the payment up and pays nothing. Once you have seen in the wallet what became of it, --forget ends that.'
  const known = { code: error.code, title: error.title, detail: error.shortMessage, hint }
  console.error(
    o.json ? JSON.stringify(receipt ? { ...known, receipt } : known) : `${name}: ${error.shortMessage} (${error.code}). ${hint}`,
  )
  return 3
}

/** A server that does not answer is told by its address, when nothing was paid yet. */
export async function reached<T>(url: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (isGatewayError(cause) || !(cause instanceof Error)) throw cause
    const { code } = (cause.cause ?? {}) as { code?: unknown } // Node's own word, in what fetch throws.
    if (cause.name !== 'TimeoutError' && !(cause instanceof TypeError)) throw cause
    throw new GatewayError('no_gateway_answers', `${url} does not answer${typeof code === 'string' ? `: ${code}` : ''}`, {
      cause,
      hint: 'Nothing was paid. See that the address is right and the server runs.',
    })
  }
}
