/** An amount as receipts say it: a decimal string of whole units of an asset. */
export type MoneyText = Readonly<{ asset: string; amount: string }>
