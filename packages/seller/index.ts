export { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
export { createSeller, type Seller, type SellerOptions } from '../../gateway/seller/createSeller.ts'
export type { PricedTool } from '../../gateway/seller/mcpFace.ts'
export { type Price, type Priced, usd } from '../../gateway/seller/price.ts'
