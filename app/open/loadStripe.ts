import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/** Runs what imports Stripe's client, which is large and so is not installed with the gateway. Throws `rail_unavailable` with how to install it. */
export async function loadStripe<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    throw new GatewayError('rail_unavailable', 'The package of Stripe’s client is not installed', {
      hint: 'Run `npm install stripe@23.1.0` beside switchyard-gateway.',
      cause: error,
    })
  }
}
