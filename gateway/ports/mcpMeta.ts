/** Where x402 puts things in `_meta` of a tool's call and result (specs/transports-v2/mcp.md). */
export const X402_PAYMENT = 'x402/payment'
export const X402_RESPONSE = 'x402/payment-response'
/** Where MPP does (draft-payment-transport-mcp). */
export const MPP_CREDENTIAL = 'org.paymentauth/credential'
export const MPP_REQUIRED = 'org.paymentauth/payment-required'
export const MPP_RECEIPT = 'org.paymentauth/receipt'
/** JSON-RPC codes of MPP: nothing was paid, and what was paid is not enough. */
export const PAYMENT_REQUIRED_CODE = -32042
export const VERIFICATION_FAILED_CODE = -32043
/** The signed receipt of the gateway, and where to ask what became of the payment. */
export const OUR_RECEIPT = 'switchyard/receipt'
export const OUR_STATUS = 'switchyard/status'
/** Where the payer of work that was not delivered fetches what is due. */
export const OUR_REFUND = 'switchyard/refund'
