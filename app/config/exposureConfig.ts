import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** What answers may be worth together whose money has not come; what is left out is as in `gateway/payins/exposure/limits.ts`. */
export const exposureConfig = z.strictObject({
  newPayersUsd: dollars.optional(),
  agentUsd: dollars.optional(),
  payerUsd: dollars.optional(),
  routeUsd: dollars.optional(),
  gatewayUsd: dollars.optional(),
})

export type ExposureConfig = z.infer<typeof exposureConfig>
