/** By what somebody has signed an agent has paid: digests in hex, of tokens that the journal has under the agent. */
export type UsedMandate = Readonly<{ agent: string; paymentSha256: string; checkoutSha256?: string }>
