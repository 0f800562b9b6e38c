import { z } from 'zod'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'

/**
 * What went wrong with a call. The client throws arrays, `[code, message, { err }]`, and no Error; `err` is gRPC's, whose own code is what tells the
 * causes apart, because the client's texts do not (a dead socket and a wrong certificate come as the failure of whatever was called).
 */
export type LndFault = Readonly<{ code: number; message: string; grpc: number | undefined; details: string }>

/** The gRPC status of a node that can not be reached: it is down, or its certificate is not the one we were given. */
export const GRPC_UNAVAILABLE = 14
/** The gRPC status under which LND says most of what it refuses, a wrong macaroon among it. */
export const GRPC_UNKNOWN = 2
/** What LND says, under that status, of a macaroon that is not its own or may not do what it is used for. */
const REFUSED_MACAROON = /macaroon|permission denied|verification failed|cannot determine data format/
/** Our own code for a call that was not answered in time. */
export const NO_ANSWER = 504

/** A call to LND that gave no value, with what is known of why. */
export class LndError extends Error {
  override readonly name = 'LndError'
  readonly fault: LndFault

  constructor(fault: LndFault) {
    super([fault.message, fault.details].filter((part) => part !== '').join(': '))
    this.fault = fault
  }
}

const thrownByClient = z
  .tuple([z.number(), z.string()])
  .rest(z.unknown())
  .transform(([code, message, more]) => ({ code, message, more }))
const grpcError = z.object({
  err: z.object({ code: z.number().optional(), details: z.string().optional(), message: z.string().optional() }),
})

/** How the client names what it finds wrong with arguments, before it sends anything: it throws an Error then. */
const REFUSED_ARGUMENTS = /^(?:Expected|Unexpected)[A-Z]/

/** Reads whatever a call threw. Code 0 is an Error that the client did not mean. */
export function faultOf(thrown: unknown): LndFault {
  if (thrown instanceof LndError) return thrown.fault
  const parsed = thrownByClient.safeParse(thrown)
  if (!parsed.success) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return { code: REFUSED_ARGUMENTS.test(message) ? 400 : 0, message, grpc: undefined, details: '' }
  }
  const { code, message, more } = parsed.data
  const inner = grpcError.safeParse(more)
  const err = inner.success ? inner.data.err : undefined
  return { code, message, grpc: err?.code, details: err?.details ?? err?.message ?? '' }
}

/** Whether LND refused the macaroon: it did nothing, and will not heal. */
export function isRefusedMacaroon({ grpc, details }: LndFault): boolean {
  return grpc === GRPC_UNKNOWN && REFUSED_MACAROON.test(details)
}

/** Whether LND said nothing: it was not reached, or did not answer in time. */
export function isSilence({ code, grpc }: LndFault): boolean {
  return code === NO_ANSWER || grpc === GRPC_UNAVAILABLE
}

/** Runs one call with a deadline of our own: the client has none, and some of its promises never end. Throws `LndError`. */
export function lndCall<T>(what: string, deadlineMs: number, call: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late: LndFault = { code: NO_ANSWER, message: `LND did not answer ${what} within ${deadlineMs} ms`, grpc: undefined, details: '' }
    const timer = setTimeout(() => reject(new LndError(late)), deadlineMs)
    const end = () => clearTimeout(timer)
    // `call` may throw before it has a promise.
    Promise.resolve()
      .then(call)
      .then(resolve, (thrown: unknown) => reject(new LndError(faultOf(thrown))))
      .finally(end)
  })
}

/** As `lndCall`, for what the domain asks: throws `rail_unavailable`. */
export async function railCall<T>(what: string, deadlineMs: number, call: () => Promise<T>): Promise<T> {
  try {
    return await lndCall(what, deadlineMs, call)
  } catch (cause) {
    throw new GatewayError('rail_unavailable', `LND gave no answer to ${what} (${messageOf(cause)})`, { cause })
  }
}

/** What a failed call says, for people. */
export function messageOf(error: unknown): string {
  if (error instanceof LndError) return error.message
  if (Array.isArray(error)) return messageOf(new LndError(faultOf(error)))
  return error instanceof Error ? error.message : String(error)
}
