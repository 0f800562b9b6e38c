import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/** What few need is not installed with the gateway; in the repository it is. Its manifest names the same versions. */
const OPTIONAL = { stripe: 'stripe@23.1.0', ssh2: 'ssh2@1.17.0' } as const

/** Runs what imports a package that is installed by whoever needs it. Throws `rail_unavailable` with how to install it. */
export async function loadOptional<T>(name: keyof typeof OPTIONAL, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    throw new GatewayError('rail_unavailable', `The package ${name} is not installed`, {
      hint: `Run \`npm install ${OPTIONAL[name]}\` beside switchyard-gateway.`,
      cause: error,
    })
  }
}
