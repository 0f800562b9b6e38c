import { isGatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import type { EndpointId } from '../../ports/ids.ts'
import type { ListedEvent } from '../../ports/readModel.ts'
import type { Delivery, DeliveryTry, OutboxLine } from '../../ports/webhookOutbox.ts'
import type { Address, CourierLimits, CourierParts, Notice } from './address.ts'
import { createQueue, type Queue } from './queue.ts'
import { nextTryIn, retryAfterMs } from './schedule.ts'
import { signedHeaders } from './secret.ts'

/** How much of an answer is kept with a try. */
const DETAIL_MAX = 200
const GONE = 410
/** When an event that is not there yet is looked for again. */
const AGAIN_MS = 1_000

type Done = Readonly<{ endpoint: EndpointId; delivery: Delivery }>
/** What came of sending one. */
type Outcome = Readonly<{ status: number; detail: string; askedMs: number | undefined }>
type Parts = Pick<CourierParts, 'reads' | 'outbox' | 'post' | 'now' | 'signedAt' | 'random'> &
  Readonly<{
    tell: (notice: Notice) => void
    limits: CourierLimits
    mayLeave: (holder: string) => boolean
    left: (holder: string, n: 1 | -1) => void
    /** Told when a try has come back. */
    onSettled: (line: Line) => void
  }>

/** What one endpoint is brought. */
export type Line = Readonly<{
  address: () => Address
  standing: () => OutboxLine
  hear: (address: Address) => void
  /** Takes what is new up to the newest event, and sends what is due. */
  look: (newest: string) => void
  /** What became of tries since this was asked last. */
  done: () => Done[]
  end: () => void
}>

export function createLine(first: Address, o: Parts): Line {
  let address = first
  const queue = createQueue(first, o)
  const sending = createSending(queue, { ...o, address: () => address, onSettled: () => o.onSettled(line) })
  const line: Line = {
    address: () => address,
    standing: queue.standing,
    hear(next) {
      const resumed = address.off && !next.off
      address = next
      if (!resumed) return
      // Whoever switches it on again has mended something: what waits is tried at once.
      queue.failing(undefined)
      queue.hurry()
      sending.wake()
    },
    look(newest) {
      if (address.off) return
      if (queue.take(address, newest)) sending.wake()
      sending.sendDue()
    },
    done: sending.done,
    end: sending.end,
  }
  return line
}

/** `wake`: something may be due again, so the next `sendDue` looks. */
type Sending = Readonly<{ wake: () => void; sendDue: () => void; done: () => Done[]; end: () => void }>
type SendingParts = Omit<Parts, 'onSettled'> & Readonly<{ address: () => Address; onSettled: () => void }>

/** Sends what is due of a queue, and keeps what came of it until it is asked for. */
function createSending(queue: Queue, o: SendingParts): Sending {
  const { now, address } = o
  const underWay = new Set<string>()
  const settled: Done[] = []
  let ended = false
  /** Before then nothing is due, where nothing else happens. */
  let quietUntil = 0
  /** How many may be under way: one after a failure, and twice as many after each arrival. */
  let width = queue.standing().failingSince === undefined ? o.limits.ofEndpoint : 1

  function sendDue(): void {
    if (ended || now() < quietUntil) return
    const { due, next } = dueOf(queue.inOrder(), underWay, now())
    const before = quietUntil
    quietUntil = next
    for (const delivery of due) {
      if (underWay.size >= width || !o.mayLeave(address().holder)) {
        quietUntil = before
        return
      }
      void send(delivery)
    }
  }

  async function send(delivery: Delivery): Promise<void> {
    const event = o.reads.event(delivery.event)
    if (!event) return missed(delivery)
    const [{ holder }, began] = [address(), now()]
    underWay.add(delivery.subject)
    o.left(holder, 1)
    const outcome = await sent(address(), event, o)
    underWay.delete(delivery.subject)
    o.left(holder, -1)
    if (!ended) settle(delivery, began, outcome)
  }

  function settle(delivery: Delivery, at: number, { status, detail, askedMs }: Outcome): void {
    keep(afterTry(delivery, { at, tookMs: now() - at, status, detail }, { askedMs, random: o.random(), now: now() }))
    width = isArrived(status) ? min(width * 2, o.limits.ofEndpoint) : 1
    queue.failing(isArrived(status) ? undefined : (queue.standing().failingSince ?? at))
    if (status === GONE) o.tell({ kind: 'off', endpoint: address().id, why: 'gone' })
    else o.onSettled()
  }

  function keep(delivery: Delivery): void {
    queue.put(delivery)
    quietUntil = 0
    settled.push({ endpoint: address().id, delivery })
  }

  function missed(delivery: Delivery): void {
    const after = withoutEvent(delivery, o)
    queue.put(after)
    quietUntil = min(quietUntil, after.nextAt)
    if (after.state === 'dead') settled.push({ endpoint: address().id, delivery: after })
  }

  return {
    wake: () => {
      quietUntil = 0
    },
    sendDue,
    done: () => settled.splice(0),
    end: () => {
      ended = true
    },
  }
}

/** The first of each subject that waits and has none under way, where it is due; and when the next one is. */
function dueOf(waiting: readonly Delivery[], underWay: ReadonlySet<string>, now: number): Readonly<{ due: Delivery[]; next: number }> {
  const seen = new Set(underWay)
  const firsts = waiting.filter(({ subject }) => !seen.has(subject) && seen.add(subject))
  const next = firsts.reduce((first, { nextAt }) => (nextAt > now ? min(first, nextAt) : first), Number.POSITIVE_INFINITY)
  return { due: firsts.filter(({ nextAt }) => nextAt <= now), next }
}

/** A read model that is built again does not have it yet; one that is past its place tells it no more, and what waits behind it must not wait for ever. */
function withoutEvent(delivery: Delivery, { reads, now }: Pick<CourierParts, 'reads' | 'now'>): Delivery {
  return reads.lastEvent() <= delivery.event ? { ...delivery, nextAt: now() + AGAIN_MS } : { ...delivery, state: 'dead', nextAt: 0 }
}

/** Sends an event, signed by the secrets that hold now. */
async function sent(
  address: Address,
  { id, body }: ListedEvent,
  { post, now, signedAt = now }: Pick<CourierParts, 'post' | 'now' | 'signedAt'>,
): Promise<Outcome> {
  const { url, secret, former, formerUntil, version } = address
  const secrets = former !== undefined && now() < formerUntil ? [secret, former] : [secret]
  const headers = {
    ...signedHeaders(secrets, { id, body, now: signedAt() }),
    'content-type': 'application/json',
    'switchyard-version': version,
  }
  try {
    const { status, body: said, retryAfter } = await post(new URL(url), { headers, body })
    return { status, detail: isArrived(status) ? '' : said.slice(0, DETAIL_MAX), askedMs: retryAfterMs(retryAfter, now()) }
  } catch (error) {
    return { status: 0, detail: whyNot(error).slice(0, DETAIL_MAX), askedMs: undefined }
  }
}

type After = Readonly<{ askedMs: number | undefined; random: number; now: number }>

function afterTry(delivery: Delivery, made: DeliveryTry, { askedMs, random, now }: After): Delivery {
  const tries = [...delivery.tries, made]
  if (isArrived(made.status)) return { ...delivery, tries, state: 'delivered', nextAt: 0 }
  const wait = nextTryIn(tries.length, { askedMs, random })
  return wait === undefined ? { ...delivery, tries, state: 'dead', nextAt: 0 } : { ...delivery, tries, nextAt: now + wait }
}

function isArrived(status: number): boolean {
  return status >= 200 && status < 300
}

function whyNot(error: unknown): string {
  if (isGatewayError(error)) return error.shortMessage
  return error instanceof Error ? error.message : 'failed'
}
